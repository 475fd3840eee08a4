import AuralGraph

extension ImageEncoder {
    /// One multi-scale block: windowed (or global) attention with optional 2×2 pooling of the queries, then an MLP. [1, H, W, C] in and out.
    func multiScaleBlock(_ graph: GraphBuilder, _ x: Value, _ block: HieraRecipe.Block) throws -> Value {
        let key = "image_encoder.trunk.blocks.\(block.index)"
        let normed = try graph.layerNorm(x, "\(key).norm1", epsilon: 1e-6)
        var shortcut = x
        if block.inputWidth != block.outputWidth {
            shortcut = graph.maxPool2(try graph.linear(normed, "\(key).proj", block.inputWidth, block.outputWidth))
        }
        let attended = try attention(graph, normed, block, "\(key).attn")
        let sum = graph.add(shortcut, attended)
        let hidden = try graph.linear(
            try graph.layerNorm(sum, "\(key).norm2", epsilon: 1e-6), "\(key).mlp.layers.0", block.outputWidth, block.outputWidth * 4)
        return graph.add(sum, try graph.linear(graph.gelu(hidden), "\(key).mlp.layers.1", block.outputWidth * 4, block.outputWidth))
    }

    private func attention(_ graph: GraphBuilder, _ x: Value, _ block: HieraRecipe.Block, _ key: String) throws -> Value {
        let (rows, columns, width) = (x.size(1), x.size(2), block.outputWidth)
        let window = block.window > 0 ? block.window : rows
        let headWidth = width / block.heads
        let projection = try LinearWeights(graph.weights, "\(key).qkv", block.inputWidth, width * 3)
        func part(_ index: Int) throws -> Value {
            var layer = projection.selectingRows(Array((index * width)..<((index + 1) * width)))
            // The softmax scale goes into the query rows.
            if index == 0 { layer = layer.scaled(by: 1 / Float(headWidth).squareRoot()) }
            return try windows(graph, x, layer, window)
        }
        var queries = try part(0)
        let count = queries.size(0)
        var side = window
        if block.poolsQueries {
            let map = graph.reshape(queries, [.fixed(count), .fixed(window), .fixed(window), .fixed(width)])
            side = window / 2
            queries = graph.maxPool2(map)
        }
        func heads(_ value: Value, _ tokens: Int, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, [.fixed(count), .fixed(tokens), .fixed(block.heads), .fixed(headWidth)]), order)
        }
        let scores = graph.matmul(heads(queries, side * side, [0, 2, 1, 3]), heads(try part(1), window * window, [0, 2, 3, 1]))
        let mixed = graph.matmul(graph.softmax(scores), heads(try part(2), window * window, [0, 2, 1, 3]))
        let merged = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [.fixed(count), .fixed(side * side), .fixed(width)])
        let scaleDown = block.poolsQueries ? 2 : 1
        // The output projection works token by token: after the filling is gone there are fewer.
        let map = unpartition(graph, merged, side, rows: rows / scaleDown, columns: columns / scaleDown)
        return try graph.linear(map, "\(key).proj", width, width)
    }

    /// A projection of the map [1, H, W, C], cut into windows [n, w·w, C'].
    ///
    /// Upstream fills windows up with zeros *before* the projection, so that padding takes part in attention with the bias as its key and
    /// value. The same comes out when the product is filled up with zeros and the bias added afterwards, with fewer products.
    private func windows(_ graph: GraphBuilder, _ x: Value, _ layer: LinearWeights, _ window: Int) throws -> Value {
        if x.size(1) % window == 0, x.size(2) % window == 0 { return partition(graph, try graph.linear(x, layer), window) }
        var product = layer
        product.bias = nil
        let cut = partition(graph, try graph.linear(x, product), window)
        return graph.add(cut, try graph.constant(layer.bias ?? [], [layer.matrix.rows], "\(layer.name).bias"))
    }

    /// [1, H, W, C] to windows [n, w·w, C], filled up with zeros to whole windows.
    private func partition(_ graph: GraphBuilder, _ x: Value, _ window: Int) -> Value {
        let (rows, columns, width) = (x.size(1), x.size(2), x.size(3))
        if rows == window && columns == window { return graph.reshape(x, [1, .fixed(rows * columns), .fixed(width)]) }
        let down = (rows + window - 1) / window
        let across = (columns + window - 1) / window
        let padded =
            down * window == rows && across * window == columns
            ? x : graph.padEnds(x, [0, down * window - rows, across * window - columns, 0])
        let cut = graph.reshape(padded, [.fixed(down), .fixed(window), .fixed(across), .fixed(window), .fixed(width)])
        return graph.reshape(graph.transpose(cut, [0, 2, 1, 3, 4]), [.fixed(down * across), .fixed(window * window), .fixed(width)])
    }

    /// Windows [n, w·w, C] back to [1, H, W, C], without the filling.
    private func unpartition(_ graph: GraphBuilder, _ x: Value, _ window: Int, rows: Int, columns: Int) -> Value {
        let width = x.size(2)
        if rows == window && columns == window { return graph.reshape(x, [1, .fixed(rows), .fixed(columns), .fixed(width)]) }
        let down = (rows + window - 1) / window
        let across = (columns + window - 1) / window
        let cut = graph.reshape(x, [.fixed(down), .fixed(across), .fixed(window), .fixed(window), .fixed(width)])
        var map = graph.reshape(
            graph.transpose(cut, [0, 2, 1, 3, 4]), [1, .fixed(down * window), .fixed(across * window), .fixed(width)])
        if down * window != rows { map = graph.slice(map, axis: 1, 0..<rows) }
        if across * window != columns { map = graph.slice(map, axis: 2, 0..<columns) }
        return map
    }
}
