import AuralCore
import Foundation

/// Any other video, decoded by an `ffmpeg` child process that writes raw RGB to a pipe.
package final class FFmpegReader: FrameReader {
    /// The names or paths of the two programs (FFmpeg 5.1 or later).
    package struct Tools: Sendable {
        /// Decodes.
        package var ffmpeg: String
        /// Tells size and rate.
        package var ffprobe: String

        /// Names the programs; the defaults are found through PATH.
        package init(ffmpeg: String = "ffmpeg", ffprobe: String = "ffprobe") {
            self.ffmpeg = ffmpeg
            self.ffprobe = ffprobe
        }
    }

    package var width: Int { probe.width }
    package var height: Int { probe.height }
    package var frameCount: Int? { probe.frameCount }
    package var frameDurationNanoseconds: Int64 { probe.frameDurationNanoseconds }

    private let path: String
    private let tools: Tools
    private let probe: FFmpegProbe
    private let pool: ImagePool
    private var child: ChildProcess?
    private var number = 0
    private var isAtEnd = false

    /// Asks ffprobe about the file `path` and gets ready to decode it.
    package init(path: String, pool: ImagePool, tools: Tools = Tools()) throws(CaptureError) {
        // Both programs would take some names for options or network addresses; a plain file it must be.
        _ = try InputFile(path: path)
        self.path = path
        self.tools = tools
        self.pool = pool
        probe = try Self.ask(path, tools)
    }

    package func next() throws(CaptureError) -> RGBImage? {
        if isAtEnd { return nil }
        let child: ChildProcess
        if let running = self.child {
            child = running
        } else {
            child = try start()
            self.child = child
        }
        guard let image = pool.image(width: width, height: height) else {
            throw .tooLarge(path: path, width: width, height: height)
        }
        let count = try child.read(into: UnsafeMutableRawBufferPointer(image.bytes), path: path)
        if count == image.bytes.count {
            number += 1
            return image
        }
        let status = child.finish()
        self.child = nil
        isAtEnd = true
        if status != 0 {
            throw CaptureError(
                .toolFailed, path: path, "ffmpeg stopped at frame \(number) with status \(status): \(child.lastErrorLine)")
        }
        if count != 0 { throw .truncated(path: path, frame: number) }
        if number == 0 { throw CaptureError(.noFrames, path: path, "ffmpeg found no frame in this file: \(child.lastErrorLine)") }
        return nil
    }

    package func rewind() throws(CaptureError) {
        child = nil
        number = 0
        isAtEnd = false
    }

    /// The file as the programs take it: the prefix makes a name that begins with "-" or holds a colon harmless.
    private static func argument(_ path: String) -> String { "file:" + path }

    /// No program may open anything but files: playlists could name network addresses.
    private static let localOnly = ["-protocol_whitelist", "file,pipe"]

    private static func ask(_ path: String, _ tools: Tools) throws(CaptureError) -> FFmpegProbe {
        let entries = "stream=width,height,avg_frame_rate,r_frame_rate,nb_frames:stream_side_data=rotation:stream_tags=rotate"
        let child = try ChildProcess(
            tool: tools.ffprobe,
            arguments: ["-v", "error"] + localOnly + [
                "-select_streams", "v:0", "-show_entries", entries, "-of", "json", "-i", argument(path),
            ], path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
        defer { buffer.deallocate() }
        let count = try child.read(into: buffer, path: path)
        let status = child.finish()
        guard status == 0 else {
            throw CaptureError(
                .unsupportedFormat, path: path,
                "not a video that we or ffmpeg can read: \(child.lastErrorLine)")
        }
        return try FFmpegProbe.parse(Data(buffer[0..<count]), path: path)
    }

    private func start() throws(CaptureError) -> ChildProcess {
        let timing = probe.steadyRate.map { ["-fps_mode", "cfr", "-r", $0] } ?? ["-fps_mode", "passthrough"]
        return try ChildProcess(
            tool: tools.ffmpeg,
            arguments: ["-nostdin", "-v", "error"] + Self.localOnly + ["-i", Self.argument(path), "-map", "0:v:0"] + timing
                + ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"], path: path)
    }
}
