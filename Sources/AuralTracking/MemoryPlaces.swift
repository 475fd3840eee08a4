import AuralGraph
import AuralInference
import AuralNetworks

/// Spatial memories of a batch as memory attention reads them: one contiguous tensor, into which only what is new is copied.
///
/// Attention does not mind the order of memories, so a memory keeps its place for as long as it is read; each place's time code tells its age.
final class MemoryPlaces {
    private let model: SegmentationModel
    private var memory: Tensor
    private var memoryTime: Tensor
    /// Identifiers of the memories in each object's places.
    private var occupants: [[Int]] = []
    private var layout = (objects: 0, memories: 0)

    /// Starts with room for nothing.
    init(_ model: SegmentationModel) {
        self.model = model
        memory = Tensor(.float32, [0, 0, model.cells, model.recipe.memoryWidth])
        memoryTime = Tensor(.float32, [0, 0, model.recipe.memoryWidth])
    }

    /// Puts each object's memories into place, as many for each, and returns them [objects, memories, HW, m] and their time codes
    /// [objects, memories, m].
    func stage(_ selections: [[MemoryBank.Selection.Memory]]) -> (memory: Tensor, time: Tensor) {
        let (objects, memories) = (selections.count, selections[0].count)
        let width = model.recipe.memoryWidth
        if layout != (objects, memories) {
            layout = (objects, memories)
            occupants = Array(repeating: Array(repeating: -1, count: memories), count: objects)
        }
        if Tensor.grow(&memory, to: [objects, memories, model.cells, width]) {
            occupants = Array(repeating: Array(repeating: -1, count: memories), count: objects)
        }
        Tensor.grow(&memoryTime, to: [objects, memories, width])
        for (object, selection) in selections.enumerated() { place(selection, object) }
        return (memory.view([objects, memories, model.cells, width]), memoryTime.view([objects, memories, width]))
    }

    /// Memories that are in place stay, the others go to the places that are free.
    private func place(_ selection: [MemoryBank.Selection.Memory], _ object: Int) {
        let wanted = Set(selection.map(\.entry.identifier))
        var vacant = occupants[object].indices.filter { !wanted.contains(occupants[object][$0]) }
        let (width, cells) = (model.recipe.memoryWidth, model.cells)
        for (entry, timeRow) in selection {
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
            memoryTime.write(row, at: (object * layout.memories + slot) * width)
        }
    }
}
