import AuralCore

/// Motion-JPEG video in an AVI file, as webcams and `ffmpeg -c:v mjpeg` write it.
package final class AVIReader: FrameReader {
    package var width: Int { index.width }
    package var height: Int { index.height }
    package var frameCount: Int? { index.frames.count }
    package var frameDurationNanoseconds: Int64 { index.frameDurationNanoseconds }

    private let file: InputFile
    private let index: AVIIndex
    private let pool: ImagePool
    private let decoder: JPEGDecoder
    private let scratch = ScratchBuffer()
    private var position = 0
    private var previous: RGBImage?

    /// Opens the file `path`; throws `unsupportedFormat` where its video is not Motion-JPEG.
    package convenience init(path: String, pool: ImagePool) throws(CaptureError) {
        let file = try InputFile(path: path)
        try self.init(file: file, index: AVIIndex.read(file), pool: pool)
    }

    init(file: InputFile, index: AVIIndex, pool: ImagePool) throws(CaptureError) {
        guard index.isMotionJPEG else {
            throw CaptureError(
                .unsupportedFormat, path: file.path, "AVI video compressed as \(index.compression), not Motion-JPEG")
        }
        decoder = try JPEGDecoder()
        self.file = file
        self.index = index
        self.pool = pool
    }

    package func next() throws(CaptureError) -> RGBImage? {
        guard position < index.frames.count else { return nil }
        let entry = index.frames[position]
        let picture: RGBImage
        if entry.size == 0, let previous {
            picture = previous
        } else {
            picture = try decode(entry)
        }
        previous = picture
        position += 1
        return picture
    }

    package func rewind() throws(CaptureError) {
        position = 0
        previous = nil
    }

    private func decode(_ entry: AVIIndex.Entry) throws(CaptureError) -> RGBImage {
        // Checked against the file before any memory is asked for.
        guard entry.size <= file.size - entry.offset else { throw .truncated(path: file.path, frame: position) }
        guard entry.size <= ImageDecoder.largestFile else {
            throw CaptureError(.tooLarge, path: file.path, "frame \(position) has \(entry.size) bytes")
        }
        let buffer = scratch.reserve(entry.size)
        guard try file.read(at: entry.offset, into: buffer) == entry.size else {
            throw .truncated(path: file.path, frame: position)
        }
        let picture: RGBImage
        do {
            picture = try decoder.decode(UnsafeRawBufferPointer(buffer), name: file.path, pool: pool)
        } catch {
            throw error.inFrame(position, of: file.path)
        }
        guard picture.width == width, picture.height == height else {
            throw .sizeChanged(path: file.path, frame: position, (picture.width, picture.height), clip: (width, height))
        }
        return picture
    }
}
