import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import Foundation
import Synchronization

/// Model bundles with synthetic weights for tests, built once for each process and network.
package enum TestBundle {
    private static let built = Mutex<[String: Result<ModelBundle, any Error>]>([:])

    /// A folder for this process's files, in the system's temporary one.
    package static let directory: URL = {
        let url = FileManager.default.temporaryDirectory.appending(path: "aurald-tests-\(ProcessInfo.processInfo.processIdentifier)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }()

    /// The bundle of an official network at an image size. `objectScoreShift` goes to `SyntheticWeights`.
    package static func synthetic(_ network: String, imageSize: Int, objectScoreShift: Float = 0) throws -> ModelBundle {
        let key = "\(network)-\(imageSize)-\(objectScoreShift)"
        return try built.withLock { built in
            let result = built[key] ?? Result { try make(network, imageSize, objectScoreShift, key) }
            built[key] = result
            return try result.get()
        }
    }

    private static func make(_ network: String, _ imageSize: Int, _ shift: Float, _ key: String) throws -> ModelBundle {
        guard let recipe = NetworkRecipe.official(named: network) else { throw GraphError("no network \(network)") }
        let path = directory.appending(path: key).path
        try BundleWriter(recipe, imageSize: imageSize, weights: SyntheticWeights(objectScoreShift: shift))
            .write(to: path, source: BundleManifest.Source(file: "synthetic", sha256: ""), isTrained: false)
        return try ModelBundle(directory: path)
    }

    /// Builds one graph with synthetic weights into a folder and returns its path: for stages with other outputs than a bundle's.
    package static func graph(_ name: String, _ build: (GraphBuilder) throws -> Void) throws -> String {
        let folder = directory.appending(path: "graph-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let store = MemoryWeightStore()
        let graph = GraphBuilder(name: name, weights: SyntheticWeights(), store: store)
        try build(graph)
        try graph.serialized().write(to: folder.appending(path: "\(name).onnx"))
        try store.values.withUnsafeBytes { try Data($0).write(to: folder.appending(path: store.location)) }
        return folder.appending(path: "\(name).onnx").path
    }
}
