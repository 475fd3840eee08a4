import AuralGraph
import AuralInference
import AuralNetworks

/// An object's memory bank as memory attention reads it.
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
        old = MemoryPlaces(model, pools: true)
        pointers = Tensor(.float32, [0])
        pointerTime = Tensor(.float32, [0])
    }

    /// Puts a selection into place, or a window's part of it. Returns the stage that reads it and its inputs but the image's.
    func stage(
        _ selection: MemoryBank.Selection, pointerLimit: Int, window: GridWindow? = nil
    ) -> (stage: StageName, inputs: [(name: String, tensor: Tensor)]) {
        let (tokens, width) = (model.recipe.tokensPerPointer, model.recipe.memoryWidth)
        let shape = [1, selection.pointers.count * tokens, width]
        Tensor.grow(&pointers, to: shape)
        Tensor.grow(&pointerTime, to: shape)
        for (index, entry) in selection.pointers.enumerated() {
            let start = index * model.recipe.modelWidth
            pointers.write(entry.pointer, at: start)
            let code = pointerCode(distance: entry.distance, limit: pointerLimit)
            for token in 0..<tokens { pointerTime.write(code, at: start + token * width) }
        }
        let inputs = [("pointers", pointers.view(shape)), ("pointer_time", pointerTime.view(shape))]
        guard model.poolsMemories, !selection.oldMemories.isEmpty else {
            return (window == nil ? .memoryAttention : .windowMemoryAttention, whole.stage(selection.memories, in: window, as: "memory") + inputs)
        }
        let spatial = whole.stage(selection.wholeMemories, in: window, as: "memory") + old.stage(selection.oldMemories, in: window, as: "old_memory")
        return (window == nil ? .memoryAttentionPooled : .windowMemoryAttentionPooled, spatial + inputs)
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
