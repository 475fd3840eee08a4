import FoundationEssentials

/// What `config.json` of a Hugging Face folder says that the shapes of the weights do not. Every key is optional.
package struct TextConfiguration: Sendable, Equatable {
    /// The longest file; published ones have less than 1 kB.
    static let maximumByteCount = 1 << 20

    /// `num_attention_heads`.
    package var heads: Int?
    /// `layer_norm_eps`.
    package var epsilon: Float?

    /// Nothing said.
    package init(heads: Int? = nil, epsilon: Float? = nil) {
        self.heads = heads
        self.epsilon = epsilon
    }

    private struct Keys: Decodable {
        var num_attention_heads: Int?
        var layer_norm_eps: Double?
        var model_type: String?
        var hidden_act: String?
        var position_embedding_type: String?
        var pad_token_id: Int?
    }

    /// Reads the file at `path`. Throws with the path and the key that is odd, also where it is the configuration of another kind of encoder.
    package init(path: String) throws(TextError) {
        try self.init(SmallFile.bytes(path, limit: Self.maximumByteCount), path: path)
    }

    /// Reads the content of a file; `path` is for messages.
    init(_ content: [UInt8], path: String) throws(TextError) {
        let keys: Keys
        do {
            keys = try JSONDecoder().decode(Keys.self, from: Data(content))
        } catch DecodingError.typeMismatch(_, let context) where !context.codingPath.isEmpty {
            throw TextError(file: path, "key \(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type")
        } catch {
            throw TextError(file: path, "not a JSON object; take config.json of a RoBERTa model")
        }
        func require(_ key: String, _ found: String?, _ expected: String) throws(TextError) {
            guard let found, found != expected else { return }
            throw TextError(
                file: path, "key \(key) is \(TextError.printable(found)), expected \(expected); give a RoBERTa model, distilroberta-base for one")
        }
        try require("model_type", keys.model_type, "roberta")
        try require("hidden_act", keys.hidden_act, "gelu")
        try require("position_embedding_type", keys.position_embedding_type, "absolute")
        try require("pad_token_id", keys.pad_token_id.map { String($0) }, "1")
        if let heads = keys.num_attention_heads, !(1...256).contains(heads) {
            throw TextError(file: path, "key num_attention_heads is \(heads), expected 1 to 256")
        }
        if let epsilon = keys.layer_norm_eps, !(epsilon > 0 && epsilon < 1) {
            throw TextError(file: path, "key layer_norm_eps is \(epsilon), expected a small number above 0")
        }
        heads = keys.num_attention_heads
        epsilon = keys.layer_norm_eps.map { Float($0) }
    }
}
