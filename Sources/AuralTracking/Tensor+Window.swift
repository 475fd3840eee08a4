import AuralInference
import AuralNetworks

extension Tensor {
    /// Becomes a window's part of a map, cell by cell: of `map` [grid², …] this takes [side², …].
    func copy(_ window: GridWindow, of map: Tensor, grid: Int) {
        let length = map.count / (grid * grid)
        let run = window.side * length
        for (row, start) in window.rowStarts(grid: grid).enumerated() { write(map.floats[(start * length)..<(start * length + run)], at: row * run) }
    }

    /// Takes a window's part of a map, cell by cell: the other way round.
    func put(_ part: Tensor, _ window: GridWindow, grid: Int) {
        let length = count / (grid * grid)
        let run = window.side * length
        for (row, start) in window.rowStarts(grid: grid).enumerated() { write(part.floats[(row * run)..<((row + 1) * run)], at: start * length) }
    }

    /// Becomes masks [n, side, side] that have those of a window [n, 4 · cells, 4 · cells] in their place and nothing around them.
    func paste(_ masks: Tensor, of window: GridWindow, side: Int) {
        // Far enough from 0 for the memory encoder's sigmoid, and near enough for a mask at the window's edge to be enlarged without a frill.
        floats.update(repeating: -10)
        let (small, left, top) = (window.side * 4, window.column * 4, window.row * 4)
        for line in 0..<(masks.count / small) {
            let (mask, row) = (line / small, line % small)
            write(masks.floats[(line * small)..<((line + 1) * small)], at: (mask * side + top + row) * side + left)
        }
    }
}
