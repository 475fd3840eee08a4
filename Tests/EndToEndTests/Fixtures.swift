import Foundation
import Testing

/// What all tests share: a small model made by the real program, a clip of ten pictures, and a folder that goes with the process.
enum Fixtures {
    /// The package's folder.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A folder for this process's files. Short, since a socket's path has at most 107 bytes.
    static let scratch: URL = {
        let url = URL(filePath: "/tmp/aurald-e2e-\(ProcessInfo.processInfo.processIdentifier)", directoryHint: .isDirectory)
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: Fixtures.scratch) }
        return url
    }()

    /// A new path in the scratch folder; nothing is there yet.
    static func path(_ name: String) -> String {
        let folder = scratch.appending(path: UUID().uuidString.prefix(8).lowercased())
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.appending(path: name).path
    }

    /// A new file with these contents; returns its path.
    static func file(_ name: String, _ contents: some Sequence<UInt8>) throws -> String {
        let path = Self.path(name)
        try Data(Array(contents)).write(to: URL(filePath: path))
        return path
    }

    /// A checkpoint of the checkpoint readers' own tests.
    static func checkpoint(_ name: String) -> String { root.appending(path: "Tests/AuralGraphTests/Golden/\(name)").path }

    /// Bytes of a file.
    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    private static let importing = Task {
        let path = Self.path("model")
        let outcome = try await AuraldProcess.run(untrained(to: path))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return path
    }

    /// The command that makes the small model.
    static func untrained(to path: String, imageSize: Int = 256) -> [String] {
        ["import", "--untrained", "sam2.1_hiera_tiny", "--image-size", "\(imageSize)", "--output", path]
    }

    /// A model bundle with weights that nobody trained, at 256 pixels; made once. Not to be changed.
    static func model() async throws -> String { try await importing.value }

    /// A copy of the model bundle, to be damaged.
    static func modelCopy() async throws -> String {
        let copy = Self.path("model")
        try FileManager.default.copyItem(atPath: try await model(), toPath: copy)
        return copy
    }

    /// A folder with ten PNG files of 640×480 pixels; made once.
    static let clip: String = {
        let folder = scratch.appending(path: "clip")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for number in 0..<10 {
            let name = "clip_0\(number).png"
            try? FileManager.default.copyItem(
                at: root.appending(path: "Tests/Golden/inputs/\(name)"), to: folder.appending(path: name))
        }
        return folder.path
    }()

    /// A clip of sixteen pictures: the ten, and the first six of them again.
    static func longClip() throws -> String {
        let folder = path("long")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for number in 0..<16 {
            try FileManager.default.copyItem(atPath: "\(clip)/clip_0\(number % 10).png", toPath: "\(folder)/\(number).png")
        }
        return folder
    }

    /// Whether this machine has ffmpeg, which is optional for users too.
    static let hasFFmpeg = FileManager.default.isExecutableFile(atPath: "/usr/bin/ffmpeg")

    /// The clip in another format; `options` are ffmpeg's for the output file.
    static func converted(_ name: String, _ options: [String]) throws -> String {
        let path = Self.path(name)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ffmpeg")
        process.arguments = ["-v", "error", "-nostdin", "-framerate", "10", "-i", "\(clip)/clip_%02d.png"] + options + [path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return path
    }

    /// A WAV file (RIFF, 16-bit PCM, mono, 16 kHz): a sine of 440 Hz with an amplitude of 0.5, which is −9.03 dBFS.
    static func sine(seconds: Int) throws -> String {
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let samples = (0..<(16_000 * seconds)).flatMap { index in
            little(Int((16_384 * sin(2 * Double.pi * 440 * Double(index) / 16_000)).rounded()), 2)
        }
        let format = little(1, 2) + little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2)
        let body = Array("WAVEfmt ".utf8) + little(16, 4) + format + Array("data".utf8) + little(samples.count, 4) + samples
        return try file("sine.wav", Array("RIFF".utf8) + little(body.count, 4) + body)
    }
}
