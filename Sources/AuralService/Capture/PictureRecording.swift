import AuralCapture
import AuralCore
import Foundation

/// Writes a line for each frame of a camera, and keeps the last picture.
final class PictureRecording {
    private struct Line: Encodable {
        var seq: UInt64
        var t_ns: Int64
        var ts_src: String
        /// [height, width] in pixels.
        var size: [Int]
        /// Of all pixels and channels, 0…255.
        var mean: Double
    }

    private let path: String
    private let file: FileHandle
    private let decoder: FrameDecoder
    private let encoder = JSONText.encoder(isPretty: false)
    private var last: RGBImage?
    private var times: (first: MonoTime, last: MonoTime)?

    /// Frames that were written.
    private(set) var frames = 0
    /// Frames that could not be decoded.
    private(set) var broken = 0

    /// Creates or replaces the file.
    init(path: String) throws(CaptureError) {
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path) else {
            throw CaptureError(.cannotWrite, path: path, "cannot be created; check the folder and its permissions")
        }
        self.path = path
        self.file = file
        decoder = try FrameDecoder(pool: ImagePool())
    }

    /// Frames a second, by their time stamps; nil before there are two.
    var rate: Double? {
        guard let times, frames > 1 else { return nil }
        let seconds = Double(times.last.nanoseconds(since: times.first)) / 1e9
        return seconds > 0 ? Double(frames - 1) / seconds : nil
    }

    /// Writes a frame's line. Throws where the file cannot be written.
    func write(_ frame: Frame) throws(CaptureError) {
        guard let image = try? decoder.image(of: frame, targetSide: nil) else {
            broken += 1
            return
        }
        let sum = image.bytes.reduce(UInt64(0)) { $0 &+ UInt64($1) }
        let line = Line(
            seq: frame.sequence, t_ns: frame.time.nanoseconds, ts_src: frame.timestampSource.rawValue, size: [image.height, image.width],
            mean: (Double(sum) / Double(image.bytes.count) * 100).rounded() / 100)
        do {
            try file.write(contentsOf: encoder.encode(line) + [UInt8(ascii: "\n")])
        } catch {
            throw CaptureError(.cannotWrite, path: path, "cannot be written: \(error.localizedDescription); is the disk full?")
        }
        last = image
        times = (times?.first ?? frame.time, frame.time)
        frames += 1
    }

    /// Writes the last picture, if there was one. Returns whether there was.
    func writeLast(to path: String) throws(CaptureError) -> Bool {
        guard let last else { return false }
        try PNGWriter.write(last, to: path)
        return true
    }
}
