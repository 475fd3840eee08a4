import AuralInference
import Foundation
import Testing

/// Small models that hear, imported from files by the real program, once for each process. Not to be changed.
enum HearingModels {
    private static let hearing = Task { try await make(["--fuser", try Checkpoints.fuserFile(), "--clip-frames", "3"]) }
    private static let reading = Task {
        let fuser = try Checkpoints.fuserFile(Checkpoints.fuserWithText)
        return try await make(["--fuser", fuser, "--clip-frames", "2", "--text", try Checkpoints.textFolder()])
    }

    /// A model that hears, for clips of three seconds.
    static func avs() async throws -> String { try await hearing.value }

    /// The same weights for clips of five seconds, or of other weights.
    static func five(_ fuser: String? = nil) async throws -> String {
        let file = try fuser ?? Checkpoints.fuserFile()
        return try await make(["--fuser", file, "--clip-frames", "5"])
    }

    /// A model that hears and reads, for clips of two seconds.
    static func refAVS() async throws -> String { try await reading.value }

    /// Runs a command on one of them, with compiled graphs that are kept.
    static func run(_ command: String, on model: String, _ more: [String]) async throws -> AuraldProcess.Outcome {
        let cache = Fixtures.scratch.appending(path: "graphs").path
        return try await AuraldProcess.run([command, "--model", model, "--cache", cache] + more)
    }

    /// What a bundle says of itself.
    static func manifest(_ path: String) throws -> BundleManifest {
        try JSONDecoder().decode(BundleManifest.self, from: Data(Fixtures.bytes("\(path)/bundle.json")))
    }

    private static func make(_ more: [String]) async throws -> String {
        let path = Fixtures.path("model")
        let outcome = try await AuraldProcess.run(Checkpoints.sam2().importing(to: path, more))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return path
    }
}
