import AuralGraph

extension ImageEncoder {
    /// One multi-scale block: windowed (or global) attention with optional 2×2 pooling of the queries, then an MLP.
    ///
    /// The tokens come out in the order that its attention has: window by window where windows fill the map, else row by row.
    func multiScaleBlock(_ graph: GraphBuilder, _ map: TokenMap, _ block: HieraRecipe.Block) throws -> TokenMap {
        let key = "image_encoder.trunk.blocks.\(block.index)"
        let window = block.window > 0 ? block.window : map.rows
        let x = map.arranged(graph, window: map.divides(into: window) ? window : nil)
        let normed = try graph.layerNorm(x.value, "\(key).norm1", epsilon: 1e-6)
        let projection = try LinearWeights(graph.weights, "\(key).attn.qkv", block.inputWidth, block.outputWidth * 3)
        var layers = [projection]
        var shortcut = x.value
        if block.inputWidth != block.outputWidth {
            layers.append(try LinearWeights(graph.weights, "\(key).proj", block.inputWidth, block.outputWidth))
        }
        let input = try graph.linearInput(normed, for: layers)
        if layers.count > 1 { shortcut = graph.maxPool2(try graph.linear(input, layers[1])) }
        let attended = try attention(graph, x, input, projection, block, window)
        let sum = graph.add(shortcut, attended)
        let hidden = try mlpLayer(
            graph, try graph.layerNorm(sum, "\(key).norm2", epsilon: 1e-6), "\(key).mlp.layers.0", block.outputWidth, block.outputWidth * 4)
        let out = graph.add(sum, try mlpLayer(graph, graph.gelu(hidden), "\(key).mlp.layers.1", block.outputWidth * 4, block.outputWidth))
        return block.poolsQueries ? x.pooled(out) : x.with(out)
    }

    private func mlpLayer(_ graph: GraphBuilder, _ x: Value, _ key: String, _ inputWidth: Int, _ outputWidth: Int) throws -> Value {
        let layer = try LinearWeights(graph.weights, key, inputWidth, outputWidth)
        return try graph.linear(graph.linearInput(x, for: [layer]), layer)
    }

    /// Two biases are not needed, exactly: softmax does not mind what all keys have in common, and as its rows sum to one the values' bias comes
    /// out as it went in, so that the output projection takes it over.
    ///
    /// Upstream fills windows up with zeros *before* the projection, so that padding takes part in attention with the bias as its key and value.
    /// Without these biases that is what zeros do after the projection, with fewer products. Queries of the padding are thrown away.
    private func attention(
        _ graph: GraphBuilder, _ map: TokenMap, _ input: LinearInput, _ projection: LinearWeights, _ block: HieraRecipe.Block, _ window: Int
    ) throws -> Value {
        let width = block.outputWidth
        let headWidth = width / block.heads
        let isWhole = map.divides(into: window)
        func rows(_ index: Int) -> LinearWeights { projection.selectingRows(Array((index * width)..<((index + 1) * width))) }
        func windows(_ tokens: Value) -> Value { isWhole ? tokens : TokenMap.cut(graph, tokens, window) }
        // The softmax scale goes into the query rows.
        var queries = windows(try graph.linear(input, rows(0).scaled(by: 1 / Float(headWidth).squareRoot())))
        let keys = windows(try graph.product(input, rows(1)))
        let values = windows(try graph.product(input, rows(2)))
        var side = window
        if block.poolsQueries {
            side = window / 2
            queries = graph.maxPool2(queries)
        }
        let count = Dimension.fixed(keys.size(0))
        func heads(_ value: Value, _ tokens: Int, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, [count, .fixed(tokens), .fixed(block.heads), .fixed(headWidth)]), order)
        }
        let scores = graph.matmul(heads(queries, side * side, [0, 2, 1, 3]), heads(keys, window * window, [0, 2, 3, 1]))
        let mixed = graph.matmul(graph.softmax(scores), heads(values, window * window, [0, 2, 1, 3]))
        let merged = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [count, .fixed(side), .fixed(side), .fixed(width)])
        let scaleDown = block.poolsQueries ? 2 : 1
        // The output projection works token by token: after the filling is gone there are fewer.
        let tokens = isWhole ? merged : TokenMap.joined(graph, merged, rows: map.rows / scaleDown, columns: map.columns / scaleDown)
        let output = try LinearWeights(graph.weights, "image_encoder.trunk.blocks.\(block.index).attn.proj", width, width)
            .after(constant: rows(2).bias)
        return try graph.linear(graph.linearInput(tokens, for: [output]), output)
    }
}
