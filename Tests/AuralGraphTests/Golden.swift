import Foundation

/// The checkpoints that tools/make-checkpoint-fixtures.py makes, and what PyTorch reads out of them.
enum Golden {
    struct Tensor: Decodable {
        let shape: [Int]
        let type: String
        /// The bit patterns of the values as float32.
        let bits: [UInt32]
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    static func path(_ name: String) -> String {
        folder.appending(path: name).path
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    /// By file and tensor.
    static func expected() throws -> [String: [String: Tensor]] {
        let data = try Data(contentsOf: folder.appending(path: "expected.json"))
        return try JSONDecoder().decode([String: [String: Tensor]].self, from: data)
    }
}
