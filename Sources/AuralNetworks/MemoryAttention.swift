import AuralGraph

/// Memory attention: the present frame's features attend to themselves and to an object's memory bank.
///
/// The first self attention has nothing of the memory yet and is the same for all objects: it is a stage of its own (`buildFirstSelfAttention`), from
/// `image_embedding` [1, HW, d] to `attended_embedding` [1, HW, d], which runs once a picture.
///
/// Inputs of the rest: `attended_embedding`; `memory` [1, memories, HW, m]; `memory_time` [1, memories, m], the row of
/// `maskmem_tpos_enc` that fits each memory's age; `pointers` [1, pointers·d/m, m]; `pointer_time`, same shape.
/// Output `conditioned_embedding` [1, HW, d]. The order of memories and of pointers does not matter, since softmax does not mind it.
/// Source: upstream `memory_attention.py`, `RoPEAttention`, `_prepare_memory_conditioned_features`.
///
/// Rewritten exactly (see docs/networks.md): values are taken after the attention, `softmax(QKᵀ)·(M·Wv + b) = (softmax(QKᵀ)·M)·Wv + b`, and
/// the output projection is folded into them, so the wide product is m and not d columns; in self attention the two projections are folded
/// into one likewise. The rotary code is in rotate-half form with the projection's rows permuted. The positional code of the memory grid is a
/// constant, the softmax scale is in the query projection.
package struct MemoryAttention {
    /// What some graphs have besides, those for comparison with reference numbers among them.
    package enum Extra: Sendable {
        /// Outputs `layer0` … [1, HW, d].
        case layers
        /// Input `memory_position` [1, memories, HW, m] in place of `memory_time` and of the grid's constant code: reference numbers
        /// were made with a code of their own for every token.
        case memoryPosition
        /// Input `image_embedding` in place of `attended_embedding`: both stages in one.
        case firstSelfAttention
        /// For a `GridWindow`, whose place is known only at run time: inputs `memory_position` [1, 1, HW, m] and, with pooled memories,
        /// `old_memory_position` [1, 1, blocks, m] in place of the grid's constant codes; and `origin_cosine` and `origin_sine` [1, d] of the angles by
        /// which the window's first cell is turned in the whole grid (see `GridWindow.turn`). Pointers have no place and are not turned: to queries whose
        /// angles begin with the window they must look as to queries of the whole grid, so they are turned back by these.
        case window
    }

    let recipe: NetworkRecipe
    let grid: Int
    let extras: Set<Extra>
    let poolsOldMemories: Bool

    private var width: Int { recipe.modelWidth }
    private var memoryWidth: Int { recipe.memoryWidth }
    private var tokens: Int { grid * grid }

    /// Plans the stage for square images of `imageSize` pixels.
    ///
    /// With `poolsOldMemories` it has the inputs `old_memory` [1, old memories, blocks, m] and `old_memory_time` [1, old memories, m] besides:
    /// memories of which each block of cells is one key and value, see `PooledMemories`.
    package init(_ recipe: NetworkRecipe, imageSize: Int, poolsOldMemories: Bool = false, extras: Set<Extra> = []) {
        self.recipe = recipe
        self.poolsOldMemories = poolsOldMemories
        grid = imageSize / 16
        self.extras = extras
    }

    /// Adds the first self attention's stage to `graph`. Throws where the weights do not fit the recipe.
    package func buildFirstSelfAttention(_ graph: GraphBuilder) throws {
        graph.output(try firstSelfAttention(graph, RotaryEncoding(graph, grid: grid, width: width)), "attended_embedding")
    }

    private func firstSelfAttention(_ graph: GraphBuilder, _ rotary: RotaryEncoding) throws -> Value {
        let embedding = graph.input("image_embedding", .float32, [1, .fixed(tokens), .fixed(width)])
        // pos_enc_at_input: a tenth of the sine code is added once.
        let position = PositionalEncodings.sine(side: grid, width: width).map { $0 * 0.1 }
        return try selfAttention(graph, graph.add(embedding, try graph.constant(position, [1, tokens, width], "position")), layer: 0, rotary)
    }

    /// Adds the stage of the rest to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let memory = graph.input("memory", .float32, [1, .symbol("memories"), .fixed(tokens), .fixed(memoryWidth)])
        let codeShape: [Dimension] = [1, .symbol("memories")] + (extras.contains(.memoryPosition) ? [.fixed(tokens)] : [])
        let code = graph.input(
            extras.contains(.memoryPosition) ? "memory_position" : "memory_time", .float32, codeShape + [.fixed(memoryWidth)])
        let pointers = graph.input("pointers", .float32, [1, .symbol("pointer_tokens"), .fixed(memoryWidth)])
        let pointerTime = graph.input("pointer_time", .float32, [1, .symbol("pointer_tokens"), .fixed(memoryWidth)])

        let rotary = try RotaryEncoding(graph, grid: grid, width: width)
        let keySource: Value
        if extras.contains(.memoryPosition) {
            keySource = graph.add(memory, code)
        } else {
            let position =
                try extras.contains(.window)
                ? graph.input("memory_position", .float32, [1, 1, .fixed(tokens), .fixed(memoryWidth)])
                : graph.constant(PositionalEncodings.sine(side: grid, width: memoryWidth), [1, 1, tokens, memoryWidth], "memory_position")
            keySource = graph.add(graph.add(memory, position), graph.unsqueeze(code, [2]))
        }
        let pointerKeySource = graph.add(pointers, pointerTime)
        let allTokens = Dimension.symbol("memory_tokens")
        let isWindow = extras.contains(.window)
        let shape: [Dimension] = [1, .fixed(width)]
        let origin = isWindow ? (graph.input("origin_cosine", .float32, shape), graph.input("origin_sine", .float32, shape)) : nil
        let old = try poolsOldMemories ? PooledMemories(graph, grid: grid, width: width, memoryWidth: memoryWidth, isWindow: isWindow) : nil
        let flatMemory = graph.reshape(memory, [1, .symbol("spatial_tokens"), .fixed(memoryWidth)])
        let values = graph.concat([flatMemory] + (old.map { [$0.values] } ?? []) + [pointers], axis: 1, size: allTokens)
        let weight = try old?.logWeights(graph, beside: flatMemory, pointers, size: allTokens)

        var x =
            try extras.contains(.firstSelfAttention)
            ? firstSelfAttention(graph, rotary) : graph.input("attended_embedding", .float32, [1, .fixed(tokens), .fixed(width)])
        for layer in 0..<recipe.memoryAttentionLayers {
            let key = "memory_attention.layers.\(layer)"
            if layer > 0 { x = try selfAttention(graph, x, layer: layer, rotary) }
            let keys = try memoryKeys(graph, keySource, old, (pointerKeySource, origin), "\(key).cross_attn_image", rotary)
            let queries = try graph.layerNorm(x, "\(key).norm2", epsilon: 1e-5)
            x = graph.add(x, try crossAttention(graph, queries, keys, values, weight, "\(key).cross_attn_image", rotary))
            x = graph.add(x, try feedForward(graph, try graph.layerNorm(x, "\(key).norm3", epsilon: 1e-5), key))
            if extras.contains(.layers) { graph.output(x, "layer\(layer)") }
        }
        graph.output(try graph.layerNorm(x, "memory_attention.norm", epsilon: 1e-5), "conditioned_embedding")
    }

    private func selfAttention(_ graph: GraphBuilder, _ x: Value, layer: Int, _ rotary: RotaryEncoding) throws -> Value {
        let key = "memory_attention.layers.\(layer).self_attn"
        let normed = try graph.layerNorm(x, "memory_attention.layers.\(layer).norm1", epsilon: 1e-5)
        let scale = 1 / Float(width).squareRoot()
        let queries = try rotary.projected(normed, LinearWeights(graph.weights, "\(key).q_proj", width, width).scaled(by: scale))
        let keys = try rotary.projected(normed, LinearWeights(graph.weights, "\(key).k_proj", width, width))
        let mixed = graph.matmul(graph.softmax(graph.matmul(queries, graph.transpose(keys, [0, 2, 1]))), normed)
        return graph.add(x, try graph.linear(mixed, try valuesAndOutput(graph, key, width)))
    }

    private func feedForward(_ graph: GraphBuilder, _ x: Value, _ key: String) throws -> Value {
        let first = try LinearWeights(graph.weights, "\(key).linear1", width, recipe.memoryAttentionHidden)
        let second = try LinearWeights(graph.weights, "\(key).linear2", recipe.memoryAttentionHidden, width)
        let hidden = graph.relu(try graph.linear(graph.linearInput(x, for: [first]), first))
        return try graph.linear(graph.linearInput(hidden, for: [second]), second)
    }

    private func crossAttention(
        _ graph: GraphBuilder, _ x: Value, _ keys: Value, _ values: Value, _ weight: Value?, _ key: String, _ rotary: RotaryEncoding
    ) throws -> Value {
        let scale = 1 / Float(width).squareRoot()
        let queries = try rotary.projected(x, LinearWeights(graph.weights, "\(key).q_proj", width, width).scaled(by: scale))
        let products = graph.matmul(queries, graph.transpose(keys, [0, 2, 1]))
        let mixed = graph.matmul(graph.softmax(weight.map { graph.add(products, $0) } ?? products), values)
        return try graph.linear(mixed, try valuesAndOutput(graph, key, memoryWidth))
    }

    /// Output projection ∘ value projection.
    private func valuesAndOutput(_ graph: GraphBuilder, _ key: String, _ inputWidth: Int) throws -> LinearWeights {
        try LinearWeights(graph.weights, "\(key).v_proj", inputWidth, width)
            .followed(by: LinearWeights(graph.weights, "\(key).out_proj", width, width))
    }

    /// Keys of all memory tokens [1, tokens, d]: spatial ones turned by the rotary code, pointers not, or back by a window's origin.
    private func memoryKeys(
        _ graph: GraphBuilder, _ spatial: Value, _ old: PooledMemories?, _ pointers: (source: Value, origin: (cosine: Value, sine: Value)?),
        _ key: String, _ rotary: RotaryEncoding
    ) throws -> Value {
        let projection = try LinearWeights(graph.weights, "\(key).k_proj", memoryWidth, width)
        func flat(_ keys: Value) -> Value { graph.reshape(keys, [1, .symbol("spatial_tokens"), .fixed(width)]) }
        var parts = [flat(try rotary.projectedTwice(spatial, projection))]
        if let old { parts.append(flat(try old.rotary.projectedTwice(old.keySource, projection))) }
        if let origin = pointers.origin {
            parts.append(try rotary.projectedTwice(pointers.source, projection, by: origin))
        } else {
            parts.append(try graph.linear(pointers.source, rotary.permuted(projection)))
        }
        return graph.concat(parts, axis: 1, size: .symbol("memory_tokens"))
    }
}
