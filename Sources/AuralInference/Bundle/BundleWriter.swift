import AuralCore
import AuralGraph
import AuralNetworks
import AuralText
import Foundation

/// Writes a model bundle: `bundle.json`, one `.onnx` for each stage and one `weights.bin`. The same input gives the same bytes.
package struct BundleWriter {
    /// What to build.
    package let parts: ModelParts
    private let arithmetic: LinearArithmetic
    private let quantization: BundleManifest.Quantization?

    /// Plans a bundle. `quantization` is written down where the arithmetic is that of 8-bit integers.
    package init(_ parts: ModelParts, arithmetic: LinearArithmetic = .float, quantization: BundleManifest.Quantization? = nil) {
        self.parts = parts
        self.arithmetic = arithmetic
        self.quantization = quantization
    }

    /// Plans a bundle without a fuser. Throws where the image size is none that the networks can take.
    package init(_ recipe: NetworkRecipe, imageSize: Int, weights: any WeightSource) throws(BundleError) {
        self.init(try ModelParts(recipe, imageSize: imageSize, weights: weights))
    }

    /// Writes everything into `directory`, which is made if it is missing and whose old bundle, if any, is replaced only when all is done.
    ///
    /// - Parameters:
    ///   - source: what to write down as the weights' origin.
    ///   - isTrained: false for synthetic weights.
    ///   - progress: called with the number of finished steps, their total and the name of the next one.
    /// - Returns: what the graphs tell besides, where the arithmetic is `observed`.
    @discardableResult
    package func write(
        to directory: String, source: BundleManifest.Source, isTrained: Bool, progress: (Int, Int, String) -> Void = { _, _, _ in }
    ) throws -> ObservingEngine.Outputs {
        let target = URL(filePath: directory, directoryHint: .isDirectory)
        let work = target.deletingLastPathComponent().appending(path: ".\(target.lastPathComponent).part", directoryHint: .isDirectory)
        let files = FileManager.default
        try requireReplaceable(target)
        try? files.removeItem(at: work)
        do {
            try files.createDirectory(at: work, withIntermediateDirectories: true)
        } catch {
            throw BundleError("\(directory): cannot be made: \(error.localizedDescription)", exitStatus: .cannotCreate)
        }
        defer { try? files.removeItem(at: work) }
        let outputs: ObservingEngine.Outputs
        do {
            outputs = try build(in: work, source, isTrained, progress)
        } catch let error as CocoaError {
            throw BundleError("\(directory): cannot be written: \(error.localizedDescription)", exitStatus: .inputOutput)
        }
        try replace(target, with: work)
        return outputs
    }

    private func build(
        in work: URL, _ source: BundleManifest.Source, _ isTrained: Bool, _ progress: (Int, Int, String) -> Void
    ) throws -> ObservingEngine.Outputs {
        let store = try FileWeightStore(directory: work, name: "weights.bin")
        var stages: [String: BundleManifest.File] = [:]
        var outputs: ObservingEngine.Outputs = [:]
        let names = parts.stages
        for (index, stage) in names.enumerated() {
            progress(index, names.count + 1, stage.rawValue)
            let graph = GraphBuilder(name: stage.rawValue, weights: try stage.weights(parts), store: store, arithmetic: arithmetic)
            try stage.build(graph, parts)
            outputs[stage.rawValue] = graph.observed
            let bytes = try graph.serialized(metadata: [("network", parts.recipe.name), ("image_size", String(parts.imageSize))])
            let name = "\(stage.rawValue).onnx"
            try bytes.write(to: work.appending(path: name))
            stages[stage.rawValue] = BundleManifest.File(
                name: name, bytes: bytes.count, sha256: try SHA256Digest.of(bytes: Array(bytes)).description)
        }
        progress(names.count, names.count + 1, "constants")
        var constants: [String: BundleManifest.Constant] = [:]
        let values = try ModelConstants(parts.weights, parts.recipe)
        for entry in ModelConstants.layout(parts.recipe) {
            constants[entry.key] = BundleManifest.Constant(offset: try store.append(values[keyPath: entry.field]), shape: entry.shape)
        }
        let manifest = BundleManifest(
            format: BundleManifest.currentFormat, network: parts.recipe, imageSize: parts.imageSize, isTrained: isTrained, source: source,
            fuser: parts.fuser.map { BundleManifest.Fuser(recipe: $0.recipe, source: $0.source) }, text: try writeTokenizer(in: work),
            quantization: quantization, weights: try store.finish(), stages: stages, constants: constants)
        try JSONText.encoder(isPretty: true).encode(manifest).write(to: work.appending(path: "bundle.json"))
        progress(names.count + 1, names.count + 1, "done")
        return outputs
    }

    /// Copies the tokenizer's tables.
    private func writeTokenizer(in work: URL) throws -> BundleManifest.Text? {
        guard let text = parts.text else { return nil }
        // Read once before they are kept: a bundle never holds a tokenizer that does not open.
        let tokenizer = try TextTokenizer(vocabulary: text.vocabularyPath, merges: text.mergesPath)
        guard tokenizer.lastToken < text.recipe.vocabulary else {
            throw BundleError("\(text.vocabularyPath): token \(tokenizer.lastToken), but the text encoder knows only \(text.recipe.vocabulary)")
        }
        func copy(_ path: String, _ name: String) throws -> BundleManifest.File {
            let bytes = try Data(contentsOf: URL(filePath: path))
            try bytes.write(to: work.appending(path: name))
            return BundleManifest.File(name: name, bytes: bytes.count, sha256: try SHA256Digest.of(bytes: Array(bytes)).description)
        }
        return BundleManifest.Text(
            recipe: text.recipe, source: text.source, vocabulary: try copy(text.vocabularyPath, "vocab.json"),
            merges: try copy(text.mergesPath, "merges.txt"))
    }

    /// An old bundle or an empty folder may be replaced, anything else not.
    private func requireReplaceable(_ target: URL) throws(BundleError) {
        guard FileManager.default.fileExists(atPath: target.path) else { return }
        // What cannot be listed, a file or a folder of someone else's, is not ours to remove.
        guard let contents = try? FileManager.default.contentsOfDirectory(atPath: target.path) else {
            throw BundleError("\(target.path): not a folder that can be read; give a new or empty one", exitStatus: .cannotCreate)
        }
        guard contents.isEmpty || contents.contains("bundle.json") else {
            throw BundleError("\(target.path): a folder with other things in it; give a new or empty one", exitStatus: .cannotCreate)
        }
    }

    /// Puts the finished folder in place of the old one.
    private func replace(_ target: URL, with work: URL) throws(BundleError) {
        do {
            if FileManager.default.fileExists(atPath: target.path) { try FileManager.default.removeItem(at: target) }
            try FileManager.default.moveItem(at: work, to: target)
        } catch {
            throw BundleError("\(target.path): cannot be put in place: \(error.localizedDescription)", exitStatus: .cannotCreate)
        }
    }
}
