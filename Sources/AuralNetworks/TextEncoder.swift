import AuralGraph

/// RoBERTa: words as tokens become features, one row a token, the padding's rows too.
///
/// Inputs: `token_ids` int64 [1, 25] and `token_mask` float32 [1, 25] (1 for a token, 0 for padding). Output `text_features` [25, width], the last
/// hidden state. Source: Liu et al., RoBERTa (2019), and Hugging Face's RobertaModel, whose key names these are.
package struct TextEncoder {
    let recipe: TextEncoderRecipe

    /// Number of the padding token, and of padding's row in the table of positions; words have the rows after it.
    private static let padding: Int64 = 1

    /// Plans the stage.
    package init(_ recipe: TextEncoderRecipe) {
        self.recipe = recipe
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let (length, width) = (recipe.length, recipe.width)
        let ids = graph.input("token_ids", .int64, [1, .fixed(length)])
        let mask = graph.input("token_mask", .float32, [1, .fixed(length)])
        // Padding gets a score so low that its weight is exactly 0, and still one that half precision can write.
        let hidden = graph.unsqueeze(try graph.multiply(try graph.add(mask, -1), by: 10_000), [1, 2])

        let words = graph.gather(try graph.parameter("embeddings.word_embeddings.weight", [recipe.vocabulary, width]), ids)
        // The position counts words only, and comes from the tokens themselves: a padding token has none, wherever it stands.
        let isWord = graph.isNotEqual(ids, to: Self.padding)
        let position = graph.addOne(graph.multiply(graph.runningSum(isWord, axis: 1), isWord))
        var tokens = graph.add(words, graph.gather(try positionTable(graph), position))
        tokens = try graph.layerNorm(tokens, "embeddings.LayerNorm", epsilon: recipe.epsilon)
        for layer in 0..<recipe.layers {
            let key = "encoder.layer.\(layer)"
            let seen = try attention(graph, "\(key).attention", tokens, hidden)
            tokens = try graph.layerNorm(graph.add(tokens, seen), "\(key).attention.output.LayerNorm", epsilon: recipe.epsilon)
            let inner = graph.gelu(try graph.linear(tokens, "\(key).intermediate.dense", width, recipe.hidden))
            let mixed = try graph.linear(inner, "\(key).output.dense", recipe.hidden, width)
            tokens = try graph.layerNorm(graph.add(tokens, mixed), "\(key).output.LayerNorm", epsilon: recipe.epsilon)
        }
        graph.output(graph.reshape(tokens, [.fixed(length), .fixed(width)]), "text_features")
    }

    /// The rows of the table of positions that `length` tokens can have, with the one segment's row added to each.
    private func positionTable(_ graph: GraphBuilder) throws -> Value {
        let (rows, width) = (recipe.length + 2, recipe.width)
        let table = try graph.weights.floats("embeddings.position_embeddings.weight", shape: [recipe.positions, width])
        let segment = try graph.weights.floats("embeddings.token_type_embeddings.weight", shape: [recipe.tokenTypes, width])
        let values = (0..<(rows * width)).map { table[$0] + segment[$0 % width] }
        return try graph.constant(values, [rows, width], "embeddings.position_embeddings+token_type")
    }

    private func attention(_ graph: GraphBuilder, _ key: String, _ tokens: Value, _ hidden: Value) throws -> Value {
        let (width, headWidth) = (recipe.width, recipe.width / recipe.heads)
        func heads(_ value: Value, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, [1, .fixed(recipe.length), .fixed(recipe.heads), .fixed(headWidth)]), order)
        }
        let scale = 1 / Float(headWidth).squareRoot()
        let query = try graph.linear(tokens, LinearWeights(graph.weights, "\(key).self.query", width, width).scaled(by: scale))
        let keys = try graph.linear(tokens, "\(key).self.key", width, width)
        let values = try graph.linear(tokens, "\(key).self.value", width, width)
        let scores = graph.softmax(graph.add(graph.matmul(heads(query, [0, 2, 1, 3]), heads(keys, [0, 2, 3, 1])), hidden))
        let mixed = graph.transpose(graph.matmul(scores, heads(values, [0, 2, 1, 3])), [0, 2, 1, 3])
        return try graph.linear(graph.reshape(mixed, [1, .fixed(recipe.length), .fixed(width)]), "\(key).output.dense", width, width)
    }
}
