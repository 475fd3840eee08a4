/// A picture as the camera delivered it, before anyone needs its pixels: frames that nobody takes are never decoded.
package struct CapturedPicture: Sendable {
    /// How the bytes are to be read.
    package var format: PixelFormat
    /// Pixels in a row.
    package var width: Int
    /// Rows.
    package var height: Int
    /// Bytes from one row of the first plane to the next, which may be more than the pixels need; 0 for `mjpeg`.
    package var bytesPerLine: Int
    /// Whether YCbCr values use 0…255 (JPEG) instead of 16…235 and 16…240 (video).
    package var isFullRange: Bool
    /// How YCbCr values stand for colours; without meaning for the other formats, and for `mjpeg`, which is always BT.601.
    package var encoding: YCbCrEncoding
    /// The payload.
    package var bytes: PooledBytes

    /// A picture with all its fields.
    package init(
        format: PixelFormat, width: Int, height: Int, bytesPerLine: Int, isFullRange: Bool, encoding: YCbCrEncoding = .bt601, bytes: PooledBytes
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.bytesPerLine = bytesPerLine
        self.isFullRange = isFullRange
        self.encoding = encoding
        self.bytes = bytes
    }
}
