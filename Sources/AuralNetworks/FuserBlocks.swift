import AuralGraph

/// The transformer blocks of AuralFuser. Source: upstream `aural_fuser.py`, `visual_block`/`OneD` blocks (PVT v2's, arXiv 2106.13797).
struct FuserBlocks {
    let recipe: FuserRecipe
    let graph: GraphBuilder
    /// Side of the stride 16 grid.
    let grid: Int

    private var width: Int { recipe.width }

    /// A visual block on [frames, HW, d]: attention whose keys and values come from a smaller map, and an MLP with a depth-wise convolution.
    func visual(_ x: Value, _ key: String) throws -> Value {
        let normed = try graph.layerNorm(x, "\(key).norm1", epsilon: 1e-5)
        let source = recipe.reduction > 0 ? try reduced(normed, "\(key).attn") : normed
        var x = graph.add(x, try attention(normed, source, "\(key).attn"))
        let hidden = recipe.visualHidden
        var y = try graph.layerNorm(x, "\(key).norm2", epsilon: 1e-5)
        y = try graph.linear(y, "\(key).mlp.fc1", width, hidden)
        let side = Dimension.fixed(grid)
        let map = graph.transpose(graph.reshape(y, [y.shape[0], side, side, .fixed(hidden)]), [0, 3, 1, 2])
        let mixed = try graph.convolution(map, "\(key).mlp.dwconv.dwconv", outputWidth: hidden, kernel: 3, padding: 1, groups: hidden)
        y = graph.reshape(graph.transpose(graph.gelu(mixed), [0, 2, 3, 1]), y.shape)
        x = graph.add(x, try graph.linear(y, "\(key).mlp.fc2", hidden, width))
        return x
    }

    /// An audio block on [1, N, d]: all tokens of the clip attend to each other. It owns `attn.sr`, `attn.norm` and `mlp.dwconv`, unused.
    func audio(_ y: Value, _ key: String) throws -> Value {
        let normed = try graph.layerNorm(y, "\(key).norm1", epsilon: 1e-5)
        let y = graph.add(y, try attention(normed, normed, "\(key).attn"))
        let hidden = graph.gelu(
            try graph.linear(graph.layerNorm(y, "\(key).norm2", epsilon: 1e-5), "\(key).mlp.fc1", width, recipe.audioHidden))
        return graph.add(y, try graph.linear(hidden, "\(key).mlp.fc2", recipe.audioHidden, width))
    }

    /// The map made smaller by a strided convolution, as a matrix product over its patches, and normalised.
    private func reduced(_ x: Value, _ key: String) throws -> Value {
        let (side, cells) = (recipe.reduction, Dimension.fixed(grid / recipe.reduction))
        let map = graph.reshape(x, [x.shape[0], cells, .fixed(side), cells, .fixed(side), .fixed(width)])
        let patches = graph.reshape(
            graph.transpose(map, [0, 1, 3, 2, 4, 5]),
            [x.shape[0], .fixed(grid / side * (grid / side)), .fixed(side * side * width)])
        let layer = try LinearWeights(patches: graph.weights, "\(key).sr", side: side, inputWidth: width, outputWidth: width)
        return try graph.layerNorm(graph.linear(patches, layer), "\(key).norm", epsilon: 1e-5)
    }

    /// Multi-head attention with `q`, `kv` (keys first) and `proj`.
    private func attention(_ queries: Value, _ source: Value, _ key: String) throws -> Value {
        let headWidth = width / recipe.heads
        func heads(_ value: Value, _ order: [Int]) -> Value {
            graph.transpose(graph.reshape(value, value.shape.dropLast() + [.fixed(recipe.heads), .fixed(headWidth)]), order)
        }
        let scale = 1 / Float(headWidth).squareRoot()
        let q = try graph.linear(queries, LinearWeights(graph.weights, "\(key).q", width, width).scaled(by: scale))
        let both = graph.split(try graph.linear(source, "\(key).kv", width, 2 * width), [width, width])
        let scores = graph.softmax(graph.matmul(heads(q, [0, 2, 1, 3]), heads(both[0], [0, 2, 3, 1])))
        let mixed = graph.transpose(graph.matmul(scores, heads(both[1], [0, 2, 1, 3])), [0, 2, 1, 3])
        return try graph.linear(graph.reshape(mixed, queries.shape), "\(key).proj", width, width)
    }
}
