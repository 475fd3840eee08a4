/// A square part of the stride 16 grid in which one object is carried forward: fewer queries, keys and decoder cells than the whole.
///
/// The rotary code knows only distances, so graphs for windows are those for smaller pictures; the codes that know places (the memory grid's sine code and
/// the decoder's Fourier code) are those of the window's cells within the whole grid.
package struct GridWindow: Sendable, Hashable {
    /// Row and column of its first cell.
    package var row: Int
    package var column: Int
    /// Cells of its side.
    package var side: Int

    /// A window of a place and side, in cells.
    package init(row: Int, column: Int, side: Int) {
        self.row = row
        self.column = column
        self.side = side
    }

    /// The side of the windows of a grid: half of it, and even, since memories are pooled in blocks.
    package static func side(grid: Int) -> Int { grid / 4 * 2 }

    /// The window in the middle of a grid.
    package static func middle(of grid: Int) -> GridWindow {
        let side = side(grid: grid)
        return GridWindow(row: (grid - side) / 2, column: (grid - side) / 2, side: side)
    }

    /// Cosines and sines [width] of the angles that turn back what the first cell's place in the whole grid turns: those of the first half of a row's pairs,
    /// and the same again for the other (see `RotaryEncoding`).
    package func turn(width: Int) -> (cosine: [Float], sine: [Float]) {
        let angles = PositionalEncodings.rotaryAngles(row: row, column: column, width: width)
        let (cosine, sine) = (angles.map { Float(Double.cosine(Double($0))) }, angles.map { Float(-Double.sine(Double($0))) })
        return (cosine + cosine, sine + sine)
    }

    /// The first cell of each of its rows, in a grid of `grid` cells a side.
    package func rowStarts(grid: Int) -> [Int] { (0..<side).map { (row + $0) * grid + column } }
}
