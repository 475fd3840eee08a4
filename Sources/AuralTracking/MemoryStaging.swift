import AuralGraph
import AuralInference
import AuralNetworks

/// The memory bank of a batch as memory attention reads it.
final class MemoryStaging {
    private let model: SegmentationModel
    private let whole: MemoryPlaces
    private let old: MemoryPlaces
    private var pointers: Tensor
    private var pointerTime: Tensor
    private var shortPointerCodes: [Int: [Float]] = [:]

    /// Starts with room for nothing.
    init(_ model: SegmentationModel) {
        self.model = model
        whole = MemoryPlaces(model)
        old = MemoryPlaces(model)
        pointers = Tensor(.float32, [0, 0, model.recipe.memoryWidth])
        pointerTime = Tensor(.float32, [0, 0, model.recipe.memoryWidth])
    }

    /// Puts the selections of a batch, which all have as many memories and pointers as the first, into place. Returns the stage that reads them and
    /// its inputs but the image embedding.
    func stage(_ selections: [MemoryBank.Selection], pointerLimit: Int) -> (stage: StageName, inputs: [(name: String, tensor: Tensor)]) {
        let (objects, pointerCount) = (selections.count, selections[0].pointers.count)
        let (tokens, width) = (model.recipe.tokensPerPointer, model.recipe.memoryWidth)
        Tensor.grow(&pointers, to: [objects, pointerCount * tokens, width])
        Tensor.grow(&pointerTime, to: [objects, pointerCount * tokens, width])
        for (object, selection) in selections.enumerated() {
            for (index, entry) in selection.pointers.enumerated() {
                let start = (object * pointerCount + index) * model.recipe.modelWidth
                pointers.write(entry.pointer, at: start)
                let code = pointerCode(distance: entry.distance, limit: pointerLimit)
                for token in 0..<tokens { pointerTime.write(code, at: start + token * width) }
            }
        }
        let inputs = [
            ("pointers", pointers.view([objects, pointerCount * tokens, width])),
            ("pointer_time", pointerTime.view([objects, pointerCount * tokens, width])),
        ]
        guard model.poolsMemories, selections.allSatisfy({ !$0.oldMemories.isEmpty }) else {
            let staged = whole.stage(selections.map(\.memories))
            return (.memoryAttention, [("memory", staged.memory), ("memory_time", staged.time)] + inputs)
        }
        let (recent, aged) = (whole.stage(selections.map(\.wholeMemories)), old.stage(selections.map(\.oldMemories)))
        let spatial = [("memory", recent.memory), ("memory_time", recent.time), ("old_memory", aged.memory), ("old_memory_time", aged.time)]
        return (.memoryAttentionPooled, spatial + inputs)
    }

    /// The projected code of a pointer's distance in time, zeros in SAM 2.0. Source: upstream `obj_ptr_tpos_proj(get_1d_sine_pe(…))`.
    private func pointerCode(distance: Int, limit: Int) -> [Float] {
        let width = model.recipe.memoryWidth
        guard model.recipe.encodesPointerTime else { return [Float](repeating: 0, count: width) }
        if let known = shortPointerCodes[distance] { return known }
        let code = model.constants.pointerTimeCode(distance: distance, limit: limit, recipe: model.recipe)
        // Distances to conditioning frames grow without end and are not worth keeping.
        if distance < limit { shortPointerCodes[distance] = code }
        return code
    }
}
