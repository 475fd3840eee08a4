/// The order in which high-resolution features lie: all finer pixels of a stride 16 cell in one row, see `ImageEncoder`. Written plainly, pixel by
/// pixel, as a reference.
package enum CellLayout {
    /// The place of the finer pixel (row, column) within its cell: first the halves (y1, x1), then their halves (y0, x0).
    static func place(_ row: Int, _ column: Int, factor: Int) -> Int {
        factor == 2 ? row * 2 + column : (row / 2 * 2 + column / 2) * 4 + (row % 2 * 2 + column % 2)
    }

    /// Cells [grid², factor², C] as planes [C, grid·factor, grid·factor]; `factor` is 2 or 4.
    package static func planes(_ cells: some RandomAccessCollection<Float>, grid: Int, factor: Int, channels: Int) -> [Float] {
        let values = Array(cells)
        let side = grid * factor
        var result = [Float](repeating: 0, count: values.count)
        for row in 0..<side {
            for column in 0..<side {
                let cell = (row / factor) * grid + column / factor
                let start = (cell * factor * factor + place(row % factor, column % factor, factor: factor)) * channels
                for channel in 0..<channels { result[(channel * side + row) * side + column] = values[start + channel] }
            }
        }
        return result
    }

    /// Planes [C, grid·factor, grid·factor] as cells [grid², factor², C].
    package static func cells(_ planes: [Float], grid: Int, factor: Int, channels: Int) -> [Float] {
        let side = grid * factor
        var result = [Float](repeating: 0, count: planes.count)
        for row in 0..<side {
            for column in 0..<side {
                let cell = (row / factor) * grid + column / factor
                let start = (cell * factor * factor + place(row % factor, column % factor, factor: factor)) * channels
                for channel in 0..<channels { result[start + channel] = planes[(channel * side + row) * side + column] }
            }
        }
        return result
    }
}
