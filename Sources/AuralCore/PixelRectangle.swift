/// A rectangle in whole pixels: the half-open ranges x ..< x + width, y ..< y + height.
package struct PixelRectangle: Sendable, Hashable {
    /// Leftmost column.
    package var x: Int
    /// Topmost row.
    package var y: Int
    /// Columns.
    package var width: Int
    /// Rows.
    package var height: Int

    /// Makes a rectangle from its corner and size, in pixels.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}
