import AuralGraph
import AuralInference
import AuralNetworks

/// What the mask decoder reads and writes for a batch of objects, allocated once for each batch size.
final class DecoderBuffers {
    /// Features with memory, or plus no_mem_embed, [objects, HW, d].
    let conditioned: Tensor
    /// Four masks each [objects, 4, S/4, S/4].
    let masks: Tensor
    /// Four estimates each [objects, 4].
    let ious: Tensor
    /// Object score logits [objects, 1].
    let objectScore: Tensor
    /// Four pointers each [objects, 4, d].
    let pointers: Tensor
    /// The chosen masks [objects, 1, S/4, S/4].
    let chosen: Tensor
    /// New memories [objects, HW, m].
    let memory: Tensor
    /// 1 where somebody prompted the frame [objects, 1, 1, 1].
    let isPrompted: Tensor
    /// Two not-a-point tokens for each object [objects, 2, d]: a frame without prompt.
    let noPrompt: Tensor

    /// The number of objects.
    let count: Int

    /// Allocates for `count` objects; `noPointTokens` is [1, 2, d].
    init(_ model: SegmentationModel, count: Int, noPointTokens: Tensor) {
        let (width, side) = (model.recipe.modelWidth, model.maskSide)
        self.count = count
        conditioned = Tensor(.float32, [count, model.cells, width])
        masks = Tensor(.float32, [count, 4, side, side])
        ious = Tensor(.float32, [count, 4])
        objectScore = Tensor(.float32, [count, 1])
        pointers = Tensor(.float32, [count, 4, width])
        chosen = Tensor(.float32, [count, 1, side, side])
        memory = Tensor(.float32, [count, model.cells, model.recipe.memoryWidth])
        isPrompted = Tensor(.float32, [count, 1, 1, 1])
        noPrompt = Tensor([count, 2, width], (0..<count).flatMap { _ in Array(noPointTokens.floats) })
    }

    /// Mask `row` of object `index`.
    func mask(_ index: Int, _ row: Int) -> Tensor {
        let side = masks.shape[2]
        return masks.view([side, side], offset: (index * 4 + row) * side * side)
    }

    /// The chosen mask of object `index`.
    func chosenMask(_ index: Int) -> Tensor {
        let side = chosen.shape[2]
        return chosen.view([side, side], offset: index * side * side)
    }
}
