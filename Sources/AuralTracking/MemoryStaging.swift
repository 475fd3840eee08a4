import AuralGraph
import AuralInference
import AuralNetworks

/// The memory bank of a batch as memory attention reads it: one contiguous tensor, into which only what is new is copied.
///
/// Attention does not mind the order of memories, so a memory keeps its place for as long as it is read; each place's time code tells its age.
final class MemoryStaging {
    private let model: SegmentationModel
    private var memory: Tensor
    private var memoryTime: Tensor
    private var pointers: Tensor
    private var pointerTime: Tensor
    /// Identifiers of the memories in each object's places.
    private var occupants: [[Int]] = []
    private var layout = (objects: 0, memories: 0)
    private var shortPointerCodes: [Int: [Float]] = [:]

    /// Starts with room for nothing.
    init(_ model: SegmentationModel) {
        self.model = model
        let width = model.recipe.memoryWidth
        memory = Tensor(.float32, [0, 0, model.cells, width])
        memoryTime = Tensor(.float32, [0, 0, width])
        pointers = Tensor(.float32, [0, 0, width])
        pointerTime = Tensor(.float32, [0, 0, width])
    }

    /// Puts the selections of a batch, which all have as many memories and pointers as the first, into place and returns memory
    /// attention's inputs but the image embedding.
    func stage(_ selections: [MemoryBank.Selection], pointerLimit: Int) -> [(name: String, tensor: Tensor)] {
        let (objects, memories, pointerCount) = (selections.count, selections[0].memories.count, selections[0].pointers.count)
        let tokens = model.recipe.tokensPerPointer
        let width = model.recipe.memoryWidth
        if layout != (objects, memories) {
            layout = (objects, memories)
            occupants = Array(repeating: Array(repeating: -1, count: memories), count: objects)
        }
        grow(&memory, [objects, memories, model.cells, width])
        grow(&memoryTime, [objects, memories, width])
        grow(&pointers, [objects, pointerCount * tokens, width])
        grow(&pointerTime, [objects, pointerCount * tokens, width])
        for (object, selection) in selections.enumerated() {
            place(selection, object)
            for (index, entry) in selection.pointers.enumerated() {
                let start = (object * pointerCount + index) * model.recipe.modelWidth
                write(entry.pointer, to: pointers, at: start)
                let code = pointerCode(distance: entry.distance, limit: pointerLimit)
                for token in 0..<tokens { write(code, to: pointerTime, at: start + token * width) }
            }
        }
        return [
            ("memory", memory.view([objects, memories, model.cells, width])), ("memory_time", memoryTime.view([objects, memories, width])),
            ("pointers", pointers.view([objects, pointerCount * tokens, width])),
            ("pointer_time", pointerTime.view([objects, pointerCount * tokens, width])),
        ]
    }

    /// Memories that are in place stay, the others go to the places that are free.
    private func place(_ selection: MemoryBank.Selection, _ object: Int) {
        let wanted = Set(selection.memories.map(\.entry.identifier))
        var vacant = occupants[object].indices.filter { !wanted.contains(occupants[object][$0]) }
        let (width, cells) = (model.recipe.memoryWidth, model.cells)
        for (entry, timeRow) in selection.memories {
            let slot: Int
            if let known = occupants[object].firstIndex(of: entry.identifier) {
                slot = known
            } else {
                slot = vacant.removeLast()
                occupants[object][slot] = entry.identifier
                if let source = entry.memory {
                    memory.view([cells, width], offset: (object * layout.memories + slot) * cells * width).copy(from: source)
                }
            }
            let row = model.constants.memoryTimeCodes[(timeRow * width)..<((timeRow + 1) * width)]
            write(row, to: memoryTime, at: (object * layout.memories + slot) * width)
        }
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

    private func write(_ values: some Collection<Float>, to tensor: Tensor, at offset: Int) {
        _ = UnsafeMutableBufferPointer(rebasing: tensor.floats[offset..<(offset + values.count)]).update(fromContentsOf: values)
    }

    /// Makes room; what was there is lost.
    private func grow(_ tensor: inout Tensor, _ shape: [Int]) {
        guard shape.reduce(1, *) > tensor.count else { return }
        tensor = Tensor(.float32, shape)
        if tensor.shape.count == 4 { occupants = Array(repeating: Array(repeating: -1, count: layout.memories), count: layout.objects) }
    }
}
