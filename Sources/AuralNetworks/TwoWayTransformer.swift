import AuralGraph

/// The decoder's two-way transformer: prompt tokens attend to the image and the image to the tokens. Source: upstream `transformer.py`.
struct TwoWayTransformer {
    private let recipe: NetworkRecipe
    private let graph: GraphBuilder
    private let key = "sam_mask_decoder.transformer"

    init(_ recipe: NetworkRecipe, _ graph: GraphBuilder) {
        self.recipe = recipe
        self.graph = graph
    }

    /// Queries [1, tokens, d] and keys [1, HW, d] after all layers and the final token-to-image attention.
    ///
    /// With `audio`, its prompts are added before each layer and before the final attention, the coarsest first.
    func run(
        queries tokens: Value, keys map: Value, keyPosition: Value, audio: AudioInjection? = nil
    ) throws -> (queries: Value, keys: Value) {
        var queries = try audio?.addSparse(to: tokens, step: 0, graph) ?? tokens
        var keys = try audio?.addDense(to: map, step: 0, graph) ?? map
        // The tokens themselves are also the queries' positional code. Upstream adds the first sparse prompt in place, so it becomes part of
        // that code; the later ones do not.
        let queryPosition = queries
        for layer in 0..<recipe.decoderLayers {
            let name = "\(key).layers.\(layer)"
            if layer > 0, let audio {
                keys = try audio.addDense(to: keys, step: layer, graph)
                queries = try audio.addSparse(to: queries, step: layer, graph)
            }
            if layer == 0 {
                // The first layer's self attention has no positional code and replaces its input.
                queries = try attention("\(name).self_attn", queries, queries, queries, inner: recipe.modelWidth)
            } else {
                let coded = graph.add(queries, queryPosition)
                queries = graph.add(queries, try attention("\(name).self_attn", coded, coded, queries, inner: recipe.modelWidth))
            }
            queries = try graph.layerNorm(queries, "\(name).norm1", epsilon: 1e-5)

            let codedKeys = graph.add(keys, keyPosition)
            let seen = try attention("\(name).cross_attn_token_to_image", graph.add(queries, queryPosition), codedKeys, keys)
            queries = try graph.layerNorm(graph.add(queries, seen), "\(name).norm2", epsilon: 1e-5)

            let mixed = try graph.multilayerPerceptron(
                queries, "\(name).mlp", [recipe.modelWidth, recipe.decoderHidden, recipe.modelWidth], activation: graph.relu)
            queries = try graph.layerNorm(graph.add(queries, mixed), "\(name).norm3", epsilon: 1e-5)

            let told = try attention("\(name).cross_attn_image_to_token", codedKeys, graph.add(queries, queryPosition), queries)
            keys = try graph.layerNorm(graph.add(keys, told), "\(name).norm4", epsilon: 1e-5)
        }
        if let audio {
            queries = try audio.addSparse(to: queries, step: recipe.decoderLayers, graph)
            // Raw: this is also the map that is upscaled.
            keys = try audio.addDense(to: keys, step: recipe.decoderLayers, graph)
        }
        let seen = try attention(
            "\(key).final_attn_token_to_image", graph.add(queries, queryPosition), graph.add(keys, keyPosition), keys)
        return (try graph.layerNorm(graph.add(queries, seen), "\(key).norm_final_attn", epsilon: 1e-5), keys)
    }

    /// Multi-head attention whose inner width is `inner` (half the model's in cross attention).
    private func attention(_ name: String, _ queries: Value, _ keys: Value, _ values: Value, inner: Int? = nil) throws -> Value {
        let width = recipe.modelWidth
        let inner = inner ?? recipe.decoderInnerWidth
        let headWidth = inner / recipe.decoderHeads
        func heads(_ value: Value, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, value.shape.dropLast() + [.fixed(recipe.decoderHeads), .fixed(headWidth)]), order)
        }
        let scale = 1 / Float(headWidth).squareRoot()
        let q = try graph.linear(queries, LinearWeights(graph.weights, "\(name).q_proj", width, inner).scaled(by: scale))
        let k = try graph.linear(keys, "\(name).k_proj", width, inner)
        let v = try graph.linear(values, "\(name).v_proj", width, inner)
        let scores = graph.softmax(graph.matmul(heads(q, [0, 2, 1, 3]), heads(k, [0, 2, 3, 1])))
        let mixed = graph.transpose(graph.matmul(scores, heads(v, [0, 2, 1, 3])), [0, 2, 1, 3])
        return try graph.linear(graph.reshape(mixed, queries.shape.dropLast() + [.fixed(inner)]), "\(name).out_proj", inner, width)
    }
}
