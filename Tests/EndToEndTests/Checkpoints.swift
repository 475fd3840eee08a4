import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Synchronization

/// Checkpoint files as `aurald import` takes them, of networks of the official plan that are small enough for tests. Values follow from names.
enum Checkpoints {
    /// A SAM 2 on disk.
    struct Network: Sendable {
        /// The checkpoint.
        let path: String
        /// The plan, for `--recipe`.
        let recipe: String
        /// What the checkpoint holds.
        let shapes: [String: [Int]]

        fileprivate init(isNewer: Bool) throws {
            var recipe = TestBundle.smallRecipe
            recipe.name = isNewer ? "sam2.1_small" : "sam2_small"
            (recipe.hasSpatialNoObjectEmbedding, recipe.encodesPointerTime) = (isNewer, isNewer)
            let notes = ShapeNotes()
            try BundleWriter(recipe, imageSize: 256, weights: notes).write(
                to: Fixtures.path("notes"), source: BundleManifest.Source(file: "synthetic", sha256: ""), isTrained: false)
            shapes = notes.shapes
            path = try Checkpoints.write("\(recipe.name).safetensors", shapes)
            self.recipe = try Fixtures.file("\(recipe.name).json", JSONEncoder().encode(recipe))
        }

        /// The command that imports it with a fuser.
        func importing(to output: String, _ more: [String]) -> [String] {
            ["import", "--sam2", path, "--recipe", recipe, "--image-size", "256", "--output", output] + more
        }
    }

    /// What a bundle asks of its weights.
    private final class ShapeNotes: WeightSource {
        private let asked = Mutex<[String: [Int]]>([:])
        let label = "notes"
        var names: [String] { [] }
        var shapes: [String: [Int]] { asked.withLock(\.self) }

        func shape(of name: String) -> [Int]? { nil }
        func elementType(of name: String) -> ElementType? { .float32 }

        func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
            asked.withLock { $0[name] = shape }
            return [Float](repeating: 0, count: shape.reduce(1, *))
        }
    }

    private static let older = Result { try Network(isNewer: false) }
    private static let newer = Result { try Network(isNewer: true) }

    /// A small SAM 2, of the older plan that the released fusers know, and one of SAM 2.1's; made once.
    static func sam2() throws -> Network { try older.get() }
    static func sam21() throws -> Network { try newer.get() }

    /// A fuser for the small SAM 2, and what its file holds.
    static let fuser = TestBundle.smallFuser()
    static let fuserWithText = TestBundle.smallFuser(text: true)

    /// A file with everything that a fuser's has, under other names if wished.
    static func fuserFile(
        _ recipe: FuserRecipe = fuser, _ name: String = "fuser.safetensors", without missing: [String] = [],
        renamed: (String) -> String = { $0 }, beside others: [String: [Int]] = [:], metadata: [String: String] = [:]
    ) throws -> String {
        var shapes = FuserFixture.shapes(recipe)
        for name in missing { shapes[name] = nil }
        return try write(name, shapes, renamed: renamed, beside: others, metadata: metadata)
    }

    /// Writes a checkpoint; a tensor that is `renamed` keeps the values of its first name, and `others` take theirs from behind their prefix.
    static func write(
        _ name: String, _ shapes: [String: [Int]], renamed: (String) -> String = { $0 }, beside others: [String: [Int]] = [:],
        metadata: [String: String] = [:]
    ) throws -> String {
        var writer = SafetensorsWriter()
        writer.metadata = metadata
        let weights = SyntheticWeights()
        for (key, shape) in shapes { try writer.add(renamed(key), shape: shape, values: weights.floats(key, shape: shape)) }
        for (key, shape) in others {
            let plain = key.split(separator: ".", maxSplits: 1).last.map(String.init) ?? key
            try writer.add(key, shape: shape, values: weights.floats(plain, shape: shape))
        }
        let path = Fixtures.path(name)
        try writer.write(to: path)
        return path
    }

    /// The text encoder of `fuserWithText`.
    static let textEncoder: TextEncoderRecipe = {
        var recipe = TextEncoderRecipe.distilroberta
        (recipe.layers, recipe.width, recipe.hidden, recipe.heads, recipe.vocabulary, recipe.positions) = (1, 48, 64, 1, 1500, 40)
        return recipe
    }()

    /// The small text encoder's tensors.
    static var textShapes: [String: [Int]] { Dictionary(textEncoder.tensors.map { ($0.name, $0.shape) }) { first, _ in first } }

    /// A new text encoder's folder as Hugging Face has them, without these files.
    static func textFolder(without missing: [String] = [], _ recipe: TextEncoderRecipe = textEncoder) throws -> String {
        let path = Fixtures.path("distilroberta")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for name in ["vocab.json", "merges.txt"] where !missing.contains(name) {
            try FileManager.default.copyItem(
                at: Fixtures.root.appending(path: "Tests/Golden/text/\(name)"), to: URL(filePath: "\(path)/\(name)"))
        }
        guard !missing.contains("model.safetensors") else { return path }
        let shapes = Dictionary(recipe.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        let weights = try write("model.safetensors", shapes) { "roberta.\($0)" }
        try FileManager.default.moveItem(atPath: weights, toPath: "\(path)/model.safetensors")
        return path
    }
}
