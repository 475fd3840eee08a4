import ArgumentParser
import Foundation

/// An `aurald bench --every`, read while it runs.
final class TimedProcess {
    /// A line of it.
    struct Stretch: Decodable {
        /// The last frame.
        var frame: Int
        /// The median frame, in milliseconds.
        var median: Double
        /// The resident set, in mebibytes.
        var memory: Double

        private enum CodingKeys: String, CodingKey {
            case frame, median
            case memory = "resident_mebibytes"
        }
    }

    private let process = Process()
    private let output: FileHandle
    private var text = Data()

    /// Starts the binary on a model, without sound. Throws where it cannot be started.
    init(_ aurald: String, _ model: String, _ options: [String], frames: Int, every: Int) throws {
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        process.executableURL = URL(filePath: aurald)
        process.arguments =
            ["bench", "--json", "--without-sound", "--model", model] + options + ["--frames", String(frames), "--every", String(every)]
        process.standardOutput = pipe
        try process.run()
    }

    /// The next stretch of frames, awaited. Throws where the process ends before.
    func stretch() throws -> Stretch {
        while true {
            if let end = text.firstIndex(of: UInt8(ascii: "\n")) {
                defer { text = Data(text[(end + 1)...]) }
                return try JSONDecoder().decode(Stretch.self, from: text[..<end])
            }
            let more = output.availableData
            guard !more.isEmpty else { throw ValidationError("aurald \((process.arguments ?? []).joined(separator: " ")) ended early") }
            text += more
        }
    }

    /// Stands still until `resume`.
    func pause() { _ = process.suspend() }

    /// Goes on.
    func resume() { _ = process.resume() }

    /// Ends it, whatever it is doing.
    func end() {
        guard process.isRunning else { return }
        _ = process.resume()
        process.terminate()
        process.waitUntilExit()
    }
}
