import AuralCore

/// Uncompressed video in a YUV4MPEG2 file: 8-bit 4:2:0, 4:2:2, 4:4:4 and mono.
package final class Y4MReader: FrameReader {
    package var width: Int { header.width }
    package var height: Int { header.height }
    package let frameCount: Int?
    package var frameDurationNanoseconds: Int64 { header.frameDurationNanoseconds }

    private let file: InputFile
    private let header: Y4MHeader
    private let converter: YCbCrConverter
    private let pool: ImagePool
    private let scratch = ScratchBuffer()
    private var offset: Int
    private var number = 0

    /// What each frame's line begins with.
    private static let frameMagic = Array("FRAME".utf8)

    /// Opens the file `path`.
    package convenience init(path: String, pool: ImagePool) throws(CaptureError) {
        try self.init(file: InputFile(path: path), pool: pool)
    }

    init(file: InputFile, pool: ImagePool) throws(CaptureError) {
        header = try Y4MHeader.parse(file.bytes(at: 0, count: Y4MHeader.longestLine), path: file.path)
        guard file.size > header.byteCount else { throw CaptureError(.noFrames, path: file.path, "a Y4M header without frames") }
        converter = YCbCrConverter(isFullRange: header.isFullRange)
        // Frame lines may carry parameters, though nobody writes any; the number of frames is only known without them.
        let (count, rest) = (file.size - header.byteCount).quotientAndRemainder(
            dividingBy: header.frameByteCount + Self.frameMagic.count + 1)
        frameCount = rest == 0 ? count : nil
        offset = header.byteCount
        self.file = file
        self.pool = pool
    }

    package func next() throws(CaptureError) -> RGBImage? {
        guard offset < file.size else { return nil }
        let line = try file.bytes(at: offset, count: Y4MHeader.longestLine).prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: Self.frameMagic) else {
            if Self.frameMagic.starts(with: line), offset + line.count >= file.size {
                throw .truncated(path: file.path, frame: number)
            }
            throw CaptureError(.malformed, path: file.path, "no FRAME line before frame \(number); make the file again")
        }
        guard line.count < Y4MHeader.longestLine, offset + line.count < file.size else {
            throw .truncated(path: file.path, frame: number)
        }
        try checkParameters(line.dropFirst(Self.frameMagic.count))
        guard file.size - offset - line.count - 1 >= header.frameByteCount else {
            throw .truncated(path: file.path, frame: number)
        }
        let planes = scratch.reserve(header.frameByteCount)
        guard try file.read(at: offset + line.count + 1, into: planes) == planes.count else {
            throw .truncated(path: file.path, frame: number)
        }
        guard let image = pool.image(width: width, height: height) else {
            throw .tooLarge(path: file.path, width: width, height: height)
        }
        converter.convert(UnsafeRawBufferPointer(planes), header, into: image)
        offset += line.count + 1 + header.frameByteCount
        number += 1
        return image
    }

    package func rewind() throws(CaptureError) {
        offset = header.byteCount
        number = 0
    }

    /// A frame may say how it is to be shown (I) and carry comments (X); anything else is damage.
    private func checkParameters(_ parameters: ArraySlice<UInt8>) throws(CaptureError) {
        let fields = parameters.split(separator: UInt8(ascii: " "))
        let begin = parameters.first.map { $0 == UInt8(ascii: " ") } ?? true
        guard begin, fields.allSatisfy({ $0.first == UInt8(ascii: "I") || $0.first == UInt8(ascii: "X") }) else {
            throw CaptureError(.malformed, path: file.path, "frame \(number) has unknown parameters; make the file again")
        }
    }
}
