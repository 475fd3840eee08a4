import AuralGraph
import AuralInference
import AuralNetworks

/// Spatial memories of an object as memory attention reads them: one contiguous tensor, into which only what is new is copied.
///
/// Attention does not mind the order of memories, so a memory keeps its place for as long as it is read; each place's time code tells its age.
final class MemoryPlaces {
    private let constants: ModelConstants
    /// The sine code of the grid's cells [HW, m]; nil where there are no windows.
    private let code: Tensor?
    private let grid: Int
    private let width: Int
    private let pools: Bool
    private var memory: Tensor
    private var memoryTime: Tensor
    /// Identifiers of the memories in their places.
    private var occupants: [Int] = []
    /// The part of each memory that is in its place; nil for whole memories.
    private var window: GridWindow?
    /// The code of that part's cells or blocks.
    private var position: Tensor?
    private var cells: Tensor

    /// Cells of a memory's side, or of its part's.
    private var side: Int { window?.side ?? grid }

    /// Tokens of one memory.
    private var tokens: Int {
        let side = pools ? side / PooledMemories.side(grid: side) : side
        return side * side
    }

    /// Starts with room for nothing. With `pools`, the means of each memory's blocks are kept (`PooledMemories`).
    init(_ model: SegmentationModel, pools: Bool = false) {
        constants = model.constants
        grid = model.imageSize / 16
        width = model.recipe.memoryWidth
        self.pools = pools
        code = model.window?.memoryCode
        cells = Tensor(.float32, [0])
        memory = Tensor(.float32, [0])
        memoryTime = Tensor(.float32, [0])
    }

    /// Puts memories into place, or a window's part of them. Returns the inputs `name` [1, memories, tokens, m], `name`_time [1, memories, m] and for
    /// a window `name`_position [1, 1, tokens, m].
    func stage(_ selection: [MemoryBank.Selection.Memory], in window: GridWindow?, as name: String) -> [(name: String, tensor: Tensor)] {
        move(to: window)
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
        return [(name, memory.view([1, selection.count, tokens, width])), ("\(name)_time", memoryTime.view([1, selection.count, width]))]
            + (position.map { [("\(name)_position", $0)] } ?? [])
    }

    /// What is in place is of another part then, and has to be copied anew.
    private func move(to window: GridWindow?) {
        guard window != self.window else { return }
        self.window = window
        occupants = []
        position = nil
        guard window != nil, let code else { return }
        let position = Tensor(.float32, [1, 1, tokens, width])
        write(code, to: position)
        self.position = position
    }

    private func write(_ source: Tensor, at place: Int) {
        write(source, to: memory.view([tokens, width], offset: place * tokens * width))
    }

    /// Writes the tokens of a map of the whole grid, or of the present part of it.
    private func write(_ source: Tensor, to target: Tensor) {
        guard pools else {
            if let window { target.copy(window, of: source, grid: grid) } else { target.copy(from: source) }
            return
        }
        var map = source
        if let window {
            Tensor.grow(&cells, to: [side * side, width])
            cells.copy(window, of: source, grid: grid)
            map = cells.view([side * side, width])
        }
        PooledMemories.writeMeans(of: UnsafeBufferPointer(map.floats), grid: side, width: width, into: target.floats)
    }
}
