import AuralCore
import AuralGraph

/// Everything that decides the shape of a RoBERTa encoder; distilroberta-base for the released fusers.
package struct TextEncoderRecipe: Sendable, Codable, Equatable {
    /// Layers, 6.
    package var layers: Int
    /// Width of a token, 768.
    package var width: Int
    /// Hidden width of the feed-forward layers, 3072.
    package var hidden: Int
    /// Attention heads, 12.
    package var heads: Int
    /// Rows of the table of words, 50 265.
    package var vocabulary: Int
    /// Rows of the table of positions, 514: the first two are never a word's.
    package var positions: Int
    /// Rows of the table of segments, 1; only the first is used.
    package var tokenTypes: Int
    /// Added to the variance in layer normalisation, 1e-5.
    package var epsilon: Float
    /// Tokens of an expression, 25.
    package var length: Int

    /// The encoder of the released Ref-AVS fuser.
    package static let distilroberta = TextEncoderRecipe(
        layers: 6, width: 768, hidden: 3072, heads: 12, vocabulary: 50_265, positions: 514, tokenTypes: 1, epsilon: 1e-5, length: 25)

    /// Names and shapes of all tensors.
    package var tensors: [(name: String, shape: [Int])] {
        var tensors: [(name: String, shape: [Int])] = [
            ("embeddings.word_embeddings.weight", [vocabulary, width]), ("embeddings.position_embeddings.weight", [positions, width]),
            ("embeddings.token_type_embeddings.weight", [tokenTypes, width]),
        ]
        func add(_ name: String, _ shape: [Int]) {
            tensors += [("\(name).weight", shape), ("\(name).bias", [shape[0]])]
        }
        add("embeddings.LayerNorm", [width])
        for layer in 0..<layers {
            let name = "encoder.layer.\(layer)"
            for role in ["query", "key", "value"] { add("\(name).attention.self.\(role)", [width, width]) }
            add("\(name).attention.output.dense", [width, width])
            add("\(name).attention.output.LayerNorm", [width])
            add("\(name).intermediate.dense", [hidden, width])
            add("\(name).output.dense", [width, hidden])
            add("\(name).output.LayerNorm", [width])
        }
        return tensors
    }

    /// Checks what the graph takes for granted. Throws a message that names the field.
    package func validate() throws(GraphError) {
        func require(_ condition: Bool, _ message: String) throws(GraphError) {
            if !condition { throw GraphError("text encoder: \(message)") }
        }
        try require((1...64).contains(layers), "layers is \(layers), expected 1 to 64")
        for (field, size) in [("width", width), ("hidden", hidden)] {
            try require((1...16_384).contains(size), "\(field) is \(size), expected 1 to 16384")
        }
        try require((1...256).contains(heads) && width % heads == 0, "heads \(heads) must divide the width \(width)")
        try require((5...1 << 21).contains(vocabulary), "vocabulary is \(vocabulary), expected 5 to \(1 << 21)")
        try require((3...512).contains(length), "length is \(length), expected 3 to 512")
        try require((length + 2...1 << 16).contains(positions), "positions is \(positions), expected at least \(length + 2)")
        try require((1...64).contains(tokenTypes), "tokenTypes is \(tokenTypes), expected 1 to 64")
        try require(epsilon > 0 && epsilon < 1, "epsilon is \(epsilon), expected a small number above 0")
    }
}
