import AuralCore

/// One picture in memory or in a file, JPEG or PNG, told apart by its first bytes and not by its name.
package final class ImageDecoder {
    private let jpeg: JPEGDecoder
    private let png = PNGDecoder()
    private let contents = ScratchBuffer()

    /// The largest picture file that is read, in bytes.
    static let largestFile = 1 << 28

    /// Makes a decoder, to be used by one thread at a time and kept for many pictures.
    package init() throws(CaptureError) {
        jpeg = try JPEGDecoder()
    }

    /// Decodes a JPEG or PNG picture in memory. `name` is what errors name.
    package func decode(_ data: UnsafeRawBufferPointer, name: String, pool: ImagePool) throws(CaptureError) -> RGBImage {
        if Self.isJPEG(data) { return try jpeg.decode(data, name: name, pool: pool) }
        if data.starts(with: PNGStructure.signature) { return try png.decode(data, name: name, pool: pool) }
        throw CaptureError(.unsupportedFormat, path: name, "neither a JPEG nor a PNG picture; convert it to one of them")
    }

    /// Reads and decodes the picture in the file `path`.
    package func decode(file path: String, pool: ImagePool) throws(CaptureError) -> RGBImage {
        let file = try InputFile(path: path)
        guard file.size <= Self.largestFile else {
            throw CaptureError(.tooLarge, path: path, "\(file.size) bytes; a picture file may have \(Self.largestFile)")
        }
        let buffer = contents.reserve(file.size)
        let count = try file.read(at: 0, into: buffer)
        return try decode(UnsafeRawBufferPointer(rebasing: buffer[0..<count]), name: path, pool: pool)
    }

    /// True where the data begin as a JPEG picture does: the SOI marker, then another marker.
    static func isJPEG(_ data: UnsafeRawBufferPointer) -> Bool {
        data.count >= 3 && data[0] == 0xFF && data[1] == 0xD8 && data[2] == 0xFF
    }
}
