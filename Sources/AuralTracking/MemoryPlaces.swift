import AuralGraph
import AuralInference
import AuralNetworks

/// Spatial memories of an object as memory attention reads them: one contiguous tensor, into which only what is new is copied.
///
/// Attention does not mind the order of memories, so a memory keeps its place for as long as it is read; each place's time code tells its age.
final class MemoryPlaces {
    private let constants: ModelConstants
    private let grid: Int
    private let width: Int
    private let pools: Bool
    private var memory: Tensor
    private var memoryTime: Tensor
    /// Identifiers of the memories in their places.
    private var occupants: [Int] = []

    /// Tokens of one memory.
    private var tokens: Int {
        let side = pools ? grid / PooledMemories.side(grid: grid) : grid
        return side * side
    }

    /// Starts with room for nothing. With `pools`, the means of each memory's blocks are kept (`PooledMemories`).
    init(_ model: SegmentationModel, pools: Bool = false) {
        constants = model.constants
        grid = model.imageSize / 16
        width = model.recipe.memoryWidth
        self.pools = pools
        memory = Tensor(.float32, [0])
        memoryTime = Tensor(.float32, [0])
    }

    /// Puts memories into place and returns them [1, memories, tokens, m] with their time codes [1, memories, m].
    func stage(_ selection: [MemoryBank.Selection.Memory]) -> (memory: Tensor, time: Tensor) {
        let hasMoved = Tensor.grow(&memory, to: [selection.count, tokens, width])
        if hasMoved || occupants.count != selection.count { occupants = Array(repeating: -1, count: selection.count) }
        Tensor.grow(&memoryTime, to: [selection.count, width])
        let wanted = Set(selection.map(\.entry.identifier))
        // Memories that are in place stay, the others go to the places that are free.
        var vacant = occupants.indices.filter { !wanted.contains(occupants[$0]) }
        for (entry, timeRow) in selection {
            let place: Int
            if let known = occupants.firstIndex(of: entry.identifier) {
                place = known
            } else {
                place = vacant.removeLast()
                occupants[place] = entry.identifier
                if let source = entry.memory { write(source, at: place) }
            }
            memoryTime.write(constants.memoryTimeCodes[(timeRow * width)..<((timeRow + 1) * width)], at: place * width)
        }
        return (memory.view([1, selection.count, tokens, width]), memoryTime.view([1, selection.count, width]))
    }

    private func write(_ source: Tensor, at place: Int) {
        let target = memory.view([tokens, width], offset: place * tokens * width)
        if pools {
            PooledMemories.writeMeans(of: UnsafeBufferPointer(source.floats), grid: grid, width: width, into: target.floats)
        } else {
            target.copy(from: source)
        }
    }
}
