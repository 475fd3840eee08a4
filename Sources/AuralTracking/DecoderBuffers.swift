import AuralGraph
import AuralInference
import AuralNetworks

/// What the mask decoder reads and writes for an object, allocated once.
final class DecoderBuffers {
    /// Features with memory, or plus no_mem_embed, [1, HW, d].
    let conditioned: Tensor
    /// Four masks [1, 4, S/4, S/4].
    let masks: Tensor
    /// Four estimates [1, 4].
    let ious: Tensor
    /// Object score logit [1, 1].
    let objectScore: Tensor
    /// Four pointers [1, 4, d].
    let pointers: Tensor
    /// The chosen mask [1, 1, S/4, S/4].
    let chosen: Tensor
    /// 1 where somebody prompted the frame [1, 1, 1, 1].
    let isPrompted: Tensor

    /// Allocates everything.
    init(_ model: SegmentationModel) {
        let (width, side) = (model.recipe.modelWidth, model.maskSide)
        conditioned = Tensor(.float32, [1, model.cells, width])
        masks = Tensor(.float32, [1, 4, side, side])
        ious = Tensor(.float32, [1, 4])
        objectScore = Tensor(.float32, [1, 1])
        pointers = Tensor(.float32, [1, 4, width])
        chosen = Tensor(.float32, [1, 1, side, side])
        isPrompted = Tensor(.float32, [1, 1, 1, 1])
    }

    /// Mask `row` [S/4, S/4].
    func mask(_ row: Int) -> Tensor {
        let side = masks.shape[2]
        return masks.view([side, side], offset: row * side * side)
    }

    /// The chosen mask [S/4, S/4].
    var chosenMask: Tensor { chosen.view([chosen.shape[2], chosen.shape[3]]) }
}
