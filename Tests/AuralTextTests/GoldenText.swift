import AuralText
import Foundation

/// The small tokenizer in Tests/Golden/text.
enum GoldenText {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/text")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func tokenizer() throws -> TextTokenizer {
        try TextTokenizer(vocabulary: folder.appending(path: "vocab.json").path, merges: folder.appending(path: "merges.txt").path)
    }

    /// Calls `body` with a new folder that holds these files and is removed afterwards.
    static func withFolder<Result>(_ files: [String: [UInt8]], _ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aurald-text-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, content) in files { try Data(content).write(to: folder.appending(path: name)) }
        return try body(folder.path)
    }
}
