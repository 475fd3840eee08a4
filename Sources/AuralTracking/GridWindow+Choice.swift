import AuralNetworks

extension GridWindow {
    /// Mask pixels in a cell, along a side.
    private static let pixels = 4
    /// How far an object in the middle of a window must be from its edges, in cells: it may move so far until the next frame.
    private static let margin = 1
    /// How far it must be from them for the window to stay where it is.
    private static let comfort = 2

    /// The window for an object whose mask was found a frame ago; nil where it has to be looked for in the whole picture: it was not there, is too large, or
    /// reached the edge of the window that it was looked for in, beyond which it may go on.
    ///
    /// The window stays where it is while the object keeps away from its edges, and else has it in its middle.
    ///
    /// - Parameters:
    ///   - logits: the mask [4·grid, 4·grid]; more than 0 is the object.
    ///   - grid: the grid's side, in cells.
    ///   - former: the window that the mask was found in, if it was one.
    static func following(_ logits: UnsafeBufferPointer<Float>, grid: Int, former: GridWindow?) -> GridWindow? {
        guard let box = PixelBox(logits, side: grid * pixels) else { return nil }
        let side = side(grid: grid)
        // Whole cells, the last one not among them.
        let rows = (box.top / pixels)..<(box.bottom / pixels + 1)
        let columns = (box.left / pixels)..<(box.right / pixels + 1)
        if let former {
            let room = min(former.room(around: rows, from: former.row, grid), former.room(around: columns, from: former.column, grid))
            if room >= comfort { return former }
            if room <= 0 { return nil }
        }
        guard max(rows.count, columns.count) + 2 * margin <= side else { return nil }
        func place(_ cells: Range<Int>) -> Int { min(max((cells.lowerBound + cells.upperBound - side) / 2, 0), grid - side) }
        return GridWindow(row: place(rows), column: place(columns), side: side)
    }

    /// Cells between an object and the window's edges along one axis. The picture's own edge is none of the window's.
    private func room(around cells: Range<Int>, from start: Int, _ grid: Int) -> Int {
        let before = start == 0 ? .max : cells.lowerBound - start
        let after = start + side == grid ? .max : start + side - cells.upperBound
        return min(before, after)
    }

    /// Where a mask is.
    private struct PixelBox {
        var left = Int.max
        var top = Int.max
        var right = -1
        var bottom = -1

        /// The rows and columns of the pixels above 0; nil where there are none.
        init?(_ logits: UnsafeBufferPointer<Float>, side: Int) {
            for row in 0..<side {
                let line = logits[(row * side)..<((row + 1) * side)]
                guard let first = line.firstIndex(where: { $0 > 0 }), let last = line.lastIndex(where: { $0 > 0 }) else { continue }
                left = min(left, first - row * side)
                right = max(right, last - row * side)
                top = min(top, row)
                bottom = row
            }
            if bottom < 0 { return nil }
        }
    }
}
