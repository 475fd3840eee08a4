import AuralCapture
import AuralCore
import AuralWire
import Foundation

/// An MP4 file: pictures with their masks drawn in, at the times at which they were taken, and the sound. ffmpeg writes it; until then the pictures lie
/// in a folder beside it.
final class VideoExport: ExportSink {
    private let path: String
    private let folder: String
    private let target: ExportTarget
    private let tracks: [RecordedTrack]
    private let decoder: JPEGDecoder
    private let encoder: JPEGEncoder
    private let pool = ImagePool()
    private var times: [Int64] = []

    init(path: String, recording: Recording) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw RecordingError(.cannotCreate, path: path, "is there already; give another name")
        }
        self.path = path
        folder = path + ".partial"
        try? FileManager.default.removeItem(atPath: folder)
        target = try ExportTarget(path: folder)
        tracks = try RecordedTrack.tracks(of: recording)
        decoder = try JPEGDecoder()
        encoder = try JPEGEncoder()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func add(_ frame: FrameRecord, _ picture: Data) throws {
        let image = try picture.withUnsafeBytes { try decoder.decode($0, name: "frame \(frame.sequence)", pool: pool) }
        for object in frame.objects where object.area > 0 { try MaskOverlay.draw(object, into: image) }
        let drawn = Frame(sequence: frame.sequence, time: MonoTime(nanoseconds: frame.timeNanoseconds), image: image)
        try target.write(try encoder.picture(of: drawn, image, quality: 95), to: Self.name(times.count))
        times.append(frame.timeNanoseconds)
    }

    func finish() throws {
        // A recording that went over a restart has times that leap, or go back: such a step is shown as a tenth of a second.
        let steps = zip(times, times.dropFirst()).map { $1.subtractingReportingOverflow($0) }.map { step in
            step.overflow || step.partialValue <= 0 || step.partialValue > 10_000_000_000 ? 100_000_000 : step.partialValue
        }
        let usual = steps.sorted().dropFirst(steps.count / 2).first ?? 100_000_000
        var list = "ffconcat version 1.0\n"
        for index in times.indices {
            let step = steps.indices.contains(index) ? steps[index] : usual
            list += "file \(Self.name(index))\nduration \(Double(step) / 1e9)\n"
        }
        try target.write(list.utf8, to: "frames.txt")
        let rate = min(60, max(1, (1e9 / Double(usual)).rounded()))
        var arguments = ["-nostdin", "-v", "error", "-f", "concat", "-i", "\(folder)/frames.txt"]
        if let sound = try writeSound(seconds: Double(steps.reduce(usual, +)) / 1e9) { arguments += ["-i", sound, "-c:a", "aac"] }
        arguments += [
            // yuv420p wants even sides.
            "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-r", "\(Int(rate))", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4",
            "\(folder)/video.mp4",
        ]
        try Self.run(arguments, for: path)
        guard rename("\(folder)/video.mp4", path) == 0 else { throw RecordingError.system(errno, path: path) }
    }

    /// The sound from the first picture's time on; nil where there is none.
    private func writeSound(seconds: Double) throws -> String? {
        guard let first = times.first, seconds.isFinite, seconds < 86_400,
            let (track, start) = tracks.lazy.compactMap({ track in
                track.sample(at: MonoTime(nanoseconds: first)).map { (track, $0) }
            }).first
        else { return nil }
        let writer = try WAVWriter(path: "\(folder)/sound.wav", sampleRate: track.sampleRate, channelCount: track.channelCount)
        let total = Int(seconds * Double(track.sampleRate))
        var done = 0
        let parts = (0..<track.channelCount).map { _ in UnsafeMutableBufferPointer<Float>.allocate(capacity: track.sampleRate) }
        defer { parts.forEach { $0.deallocate() } }
        while done < total {
            let count = min(track.sampleRate, total - done)
            for part in parts { part.initialize(repeating: 0) }
            _ = try track.read(from: Int(start) + done, into: parts.map { UnsafeMutableBufferPointer(rebasing: $0[0..<count]) })
            let mixed = (0..<count).flatMap { index in parts.map { $0[index] } }
            try mixed.withUnsafeBufferPointer { try writer.append(interleaved: $0) }
            done += count
        }
        try writer.finish()
        return "\(folder)/sound.wav"
    }

    private static func name(_ index: Int) -> String { String(format: "%06d.jpg", index) }

    private static func run(_ arguments: [String], for path: String) throws {
        let child = try ChildProcess(tool: "ffmpeg", arguments: arguments, path: path)
        let rest = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { rest.deallocate() }
        while try child.read(into: rest, path: path) == rest.count {}
        let status = child.finish()
        guard status == 0 else { throw RecordingError(.toolFailed, path: path, "ffmpeg failed (\(status)): \(child.lastErrorLine)") }
    }
}
