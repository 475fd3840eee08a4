/// One picture: 8-bit RGB, interleaved, rows tightly packed (`width * 3` bytes each), top row first.
///
/// The bytes live outside Swift's arrays so that a pool can hand the same memory out again (see `ImagePool`): nothing on the frame path
/// allocates a picture once it is warm.
package final class RGBImage: @unchecked Sendable {
    // SAFETY: @unchecked because of the raw memory. The one who made the picture writes it before anyone else sees it (before it is put
    // into a mailbox or passed to a stage); from then on everyone only reads. `bytes` is valid for the lifetime of the object.

    /// Pixels in a row.
    package let width: Int
    /// Rows.
    package let height: Int
    /// `width * height * 3` bytes, R G B R G B … from the top left corner.
    package let bytes: UnsafeMutableBufferPointer<UInt8>
    private let pool: ImagePool?

    /// Allocates a picture of zeros. Returns nil unless both sides are within 1…16384.
    package convenience init?(width: Int, height: Int) {
        guard let count = Self.byteCount(width: width, height: height) else { return nil }
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        memory.initialize(repeating: 0)
        self.init(width: width, height: height, memory: memory, pool: nil)
    }

    init(width: Int, height: Int, memory: UnsafeMutableBufferPointer<UInt8>, pool: ImagePool?) {
        self.width = width
        self.height = height
        self.bytes = memory
        self.pool = pool
    }

    deinit {
        if let pool {
            pool.giveBack(bytes)
        } else {
            bytes.deallocate()
        }
    }

    /// Bytes of a picture of this size, or nil where a side is outside 1…16384 (which also keeps every product far from overflow).
    package static func byteCount(width: Int, height: Int) -> Int? {
        guard (1...16384).contains(width), (1...16384).contains(height) else { return nil }
        return width * height * 3
    }
}
