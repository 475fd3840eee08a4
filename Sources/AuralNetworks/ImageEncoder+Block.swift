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
        let rows = x.size(1)
        let columns = x.size(2)
        let width = block.outputWidth
        let window = block.window > 0 ? block.window : rows
        let headWidth = width / block.heads
        // Windows are filled up with zeros *before* the projection, so that padding attends with the bias as key, as upstream does.
        let windows = partition(graph, x, window)
        let count = windows.size(0)
        var projection = try LinearWeights(graph.weights, "\(key).qkv", block.inputWidth, width * 3)
        // The softmax scale goes into the query rows.
        let scale = 1 / Float(headWidth).squareRoot()
        for index in 0..<(width * block.inputWidth) { projection.matrix.values[index] *= scale }
        projection.bias = projection.bias.map { bias in bias.enumerated().map { $0 < width ? $1 * scale : $1 } }
        let parts = graph.split(try graph.linear(windows, projection), [width, width, width])
        var queries = parts[0]
        var side = window
        if block.poolsQueries {
            let map = graph.reshape(queries, [.fixed(count), .fixed(window), .fixed(window), .fixed(width)])
            side = window / 2
            queries = graph.maxPool2(map)
        }
        func heads(_ value: Value, _ tokens: Int, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, [.fixed(count), .fixed(tokens), .fixed(block.heads), .fixed(headWidth)]), order)
        }
        let scores = graph.matmul(heads(queries, side * side, [0, 2, 1, 3]), heads(parts[1], window * window, [0, 2, 3, 1]))
        let mixed = graph.matmul(graph.softmax(scores), heads(parts[2], window * window, [0, 2, 1, 3]))
        let merged = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [.fixed(count), .fixed(side * side), .fixed(width)])
        let output = try graph.linear(merged, "\(key).proj", width, width)
        let scaleDown = block.poolsQueries ? 2 : 1
        return unpartition(graph, output, side, rows: rows / scaleDown, columns: columns / scaleDown)
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
