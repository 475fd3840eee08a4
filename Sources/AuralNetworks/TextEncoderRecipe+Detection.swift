import AuralCore
import AuralGraph

extension RenamedWeights {
    /// A RoBERTa encoder out of a checkpoint, under the names `embeddings.…` and `encoder.…`, whatever comes before them in the file: `roberta.`
    /// in models with a head. Throws where there is none.
    package static func textEncoder(in source: any WeightSource) throws(GraphError) -> RenamedWeights {
        let ending = "embeddings.word_embeddings.weight"
        let prefixes = source.names.filter { $0 == ending || $0.hasSuffix(".\(ending)") }.map { $0.dropLast(ending.count) }
        guard let prefix = prefixes.min(by: { $0.count < $1.count }) else {
            throw GraphError(
                "\(source.label): no text encoder: key \(ending) is missing; give the weights of a RoBERTa model, distilroberta-base for one")
        }
        var originals: [String: String] = [:]
        for original in source.names where original.hasPrefix(prefix) {
            let name = String(original.dropFirst(prefix.count))
            if name.hasPrefix("embeddings.") || name.hasPrefix("encoder.layer.") { originals[name] = original }
        }
        return RenamedWeights(source, originals: originals)
    }
}

extension TextEncoderRecipe {
    /// Recognises an encoder from the shapes of its tensors (`RenamedWeights.textEncoder`), and checks that it is complete.
    ///
    /// `heads` and `epsilon` are config.json's; without them a head is 64 wide and epsilon 1e-5, as in every published RoBERTa. Throws a message
    /// that names the keys that are missing or odd.
    package static func detect(
        in source: any WeightSource, heads: Int? = nil, epsilon: Float? = nil
    ) throws(GraphError) -> TextEncoderRecipe {
        func size(_ key: String, _ axis: Int) throws(GraphError) -> Int {
            guard let shape = source.shape(of: key), shape.indices.contains(axis) else {
                throw GraphError("\(source.label): key \(key) of the text encoder is missing or has too few dimensions; take a complete model")
            }
            return shape[axis]
        }
        var layers = 1
        for name in source.names {
            let words = name.split(separator: ".", maxSplits: 3)
            guard words.count == 4, words[0] == "encoder", words[1] == "layer", let layer = Int(words[2]), (0..<Int.max).contains(layer) else {
                continue
            }
            layers = max(layers, layer + 1)
        }
        let width = try size("embeddings.word_embeddings.weight", 1)
        let recipe = TextEncoderRecipe(
            layers: layers, width: width, hidden: try size("encoder.layer.0.intermediate.dense.weight", 0), heads: heads ?? max(width / 64, 1),
            vocabulary: try size("embeddings.word_embeddings.weight", 0), positions: try size("embeddings.position_embeddings.weight", 0),
            tokenTypes: try size("embeddings.token_type_embeddings.weight", 0), epsilon: epsilon ?? 1e-5, length: 25)
        do throws(GraphError) {
            try recipe.validate()
        } catch {
            throw GraphError("\(source.label): \(error.description)", exitStatus: error.exitStatus)
        }
        try source.require(recipe.tensors, of: "text encoder")
        return recipe
    }
}
