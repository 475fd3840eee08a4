/// A mask of any size: which pixels belong to the object.
public struct BinaryMask: Sendable, Equatable {
    /// Pixels in a row.
    public let width: Int
    /// Rows.
    public let height: Int
    /// `width * height` values in row-major order, 0 or 1.
    public let pixels: [UInt8]

    /// Makes a mask from row-major values, where anything but 0 means "belongs to the object".
    ///
    /// Returns nil when the number of values does not fit the size or the size is not positive.
    public init?(width: Int, height: Int, pixels: [UInt8]) {
        let (count, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, pixels.count == count else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels.map { $0 == 0 ? 0 : 1 }
    }

    /// The number of pixels that belong to the object.
    public var area: Int {
        pixels.reduce(into: 0) { $0 += Int($1) }
    }
}
