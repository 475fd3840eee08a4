/// A rectangle in whole pixels: the half-open ranges x ..< x + width, y ..< y + height.
public struct PixelRectangle: Sendable, Hashable {
    /// Leftmost column.
    public var x: Int
    /// Topmost row.
    public var y: Int
    /// Columns.
    public var width: Int
    /// Rows.
    public var height: Int

    /// Makes a rectangle from its corner and size, in pixels.
    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}
