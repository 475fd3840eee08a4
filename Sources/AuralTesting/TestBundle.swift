import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import Foundation
import Glibc
import Synchronization

/// Model bundles with synthetic weights for tests, built once for each process and network.
package enum TestBundle {
    private static let built = Mutex<[String: Result<ModelBundle, any Error>]>([:])

    /// A folder for this process's files, in the system's temporary one; it goes when the process ends.
    package static let directory: URL = {
        let url = FileManager.default.temporaryDirectory.appending(path: "aurald-tests-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(at: TestBundle.directory) }
        return url
    }()

    /// A network of the same plan as the official ones in which every size is another, small enough for tests that take no time.
    package static let smallRecipe: NetworkRecipe = {
        var recipe = NetworkRecipe.official[4]
        recipe.name = "small_test"
        recipe.trunk = HieraRecipe(embedDim: 48, heads: 1, stages: [1, 2, 3, 2], windows: [8, 4, 16, 8], globalBlocks: [4], positionGrid: 5)
        (recipe.modelWidth, recipe.memoryWidth, recipe.memoryFrames, recipe.maximumPointers) = (128, 32, 5, 6)
        (recipe.memoryAttentionLayers, recipe.memoryAttentionHidden, recipe.memoryFuserLayers) = (2, 192, 1)
        (recipe.decoderHeads, recipe.decoderHidden, recipe.iouHidden, recipe.maskPromptWidth) = (4, 160, 96, 8)
        return recipe
    }()

    /// A small fuser for `smallRecipe`: T of 3, or one that hears `history` seconds.
    package static func smallFuser(_ variant: FuserVariant = .auralsam2, text: Bool = false) -> FuserRecipe {
        var recipe = FuserRecipe.official
        (recipe.variant, recipe.frames, recipe.history) = (variant, variant == .online ? 1 : 3, 4)
        recipe.text = text ? FuserRecipe.Text(features: 48, hidden: 64) : nil
        (recipe.width, recipe.inputWidth, recipe.inner, recipe.heads) = (128, 128, 64, 2)
        (recipe.visualBlocks, recipe.audioBlocks, recipe.visualHidden, recipe.audioHidden) = ([1, 1, 2], [1, 1, 1], 96, 80)
        (recipe.vggish.convolutions, recipe.vggish.embeddings) = ([8, 8, 16, 16, 24, 24], [96, 80, 64])
        return recipe
    }

    /// A new folder of this name within `directory`.
    package static func folder(_ name: String) throws -> URL {
        let url = directory.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }

    /// The bundle of an official network at an image size. `objectScoreShift` goes to `SyntheticWeights`.
    package static func synthetic(_ network: String, imageSize: Int, objectScoreShift: Float = 0) throws -> ModelBundle {
        guard let recipe = NetworkRecipe.official(named: network) else { throw GraphError("no network \(network)") }
        return try synthetic(recipe, imageSize: imageSize, objectScoreShift: objectScoreShift)
    }

    /// The bundle of any network; recipes are told apart by their names.
    package static func synthetic(_ recipe: NetworkRecipe, imageSize: Int, objectScoreShift: Float = 0) throws -> ModelBundle {
        let key = "\(recipe.name)-\(imageSize)-\(objectScoreShift)"
        return try built.withLock { built in
            let result = built[key] ?? Result { try make(recipe, imageSize, objectScoreShift, key) }
            built[key] = result
            return try result.get()
        }
    }

    /// The bundle of an official network with AuralFuser; `salt` is the fuser's own.
    package static func hearing(
        _ recipe: NetworkRecipe, imageSize: Int, fuser: FuserRecipe, salt: String = "", objectScoreShift: Float = 0
    ) throws -> ModelBundle {
        let words = fuser.text == nil ? "" : "-words"
        let key =
            "\(recipe.name)-\(imageSize)-\(fuser.variant.rawValue)-\(fuser.frames)-\(fuser.width)\(words)-\(salt.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 65_536 })-\(objectScoreShift)"
        return try built.withLock { built in
            let result =
                built[key]
                ?? Result {
                    let path = directory.appending(path: key).path
                    let source = BundleManifest.Source(file: "synthetic", sha256: "")
                    let parts = try ModelParts(
                        recipe, imageSize: imageSize, weights: SyntheticWeights(objectScoreShift: objectScoreShift),
                        fuser: ModelParts.Fuser(fuser, weights: SyntheticWeights(salt: salt), source: source))
                    try BundleWriter(parts).write(to: path, source: source, isTrained: false)
                    return try ModelBundle(directory: path)
                }
            built[key] = result
            return try result.get()
        }
    }

    private static func make(_ recipe: NetworkRecipe, _ imageSize: Int, _ shift: Float, _ key: String) throws -> ModelBundle {
        let path = directory.appending(path: key).path
        try BundleWriter(recipe, imageSize: imageSize, weights: SyntheticWeights(objectScoreShift: shift))
            .write(to: path, source: BundleManifest.Source(file: "synthetic", sha256: ""), isTrained: false)
        return try ModelBundle(directory: path)
    }

    /// Builds one graph with synthetic weights into a folder and returns its path: for stages with other outputs than a bundle's.
    package static func graph(
        _ name: String, weights: any WeightSource = SyntheticWeights(), arithmetic: LinearArithmetic = .float,
        _ build: (GraphBuilder) throws -> Void
    ) throws -> String {
        let folder = directory.appending(path: "graph-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = MemoryWeightStore()
        let graph = GraphBuilder(name: name, weights: weights, store: store, arithmetic: arithmetic)
        try build(graph)
        try graph.serialized().write(to: folder.appending(path: "\(name).onnx"))
        try store.bytes.write(to: folder.appending(path: store.location))
        return folder.appending(path: "\(name).onnx").path
    }
}
