import AuralGraph

/// AuralFuser's prompts on their way into the mask decoder: dense ones are added to the image's cells, sparse ones to the four mask tokens (not to the
/// object and IoU tokens). Levels come in reverse: stride 16 first, stride 4 last. Source: upstream's `transformer.py`.
struct AudioInjection {
    /// [1, HW, d] each, by level.
    private let dense: [Value]
    /// [1, d] each, by level.
    private let sparse: [Value]
    /// Tokens 2 to 5 of the decoder are the mask tokens.
    private static let maskTokens = 2..<6

    /// Declares the graph's inputs `audio_dense_0…2` and `audio_sparse_0…2`.
    init(_ graph: GraphBuilder, width: Int, cells: Int) {
        dense = (0..<3).map { graph.input("audio_dense_\($0)", .float32, [1, .fixed(cells), .fixed(width)]) }
        sparse = (0..<3).map { graph.input("audio_sparse_\($0)", .float32, [1, .fixed(width)]) }
    }

    /// Cells [1, HW, d] plus the dense prompt of a step.
    func addDense(to keys: Value, step: Int, _ graph: GraphBuilder) throws -> Value {
        graph.add(keys, try level(dense, step))
    }

    /// Tokens [1, tokens, d] with the sparse prompt of a step added to the mask tokens.
    func addSparse(to queries: Value, step: Int, _ graph: GraphBuilder) throws -> Value {
        let masks = graph.add(graph.slice(queries, axis: 1, Self.maskTokens), graph.unsqueeze(try level(sparse, step), [0]))
        var parts = [graph.slice(queries, axis: 1, 0..<Self.maskTokens.lowerBound), masks]
        if queries.shape[1] != .fixed(Self.maskTokens.upperBound) { parts.append(graph.suffix(queries, axis: 1, from: Self.maskTokens.upperBound)) }
        return graph.concat(parts, axis: 1, size: queries.shape[1])
    }

    private func level(_ values: [Value], _ step: Int) throws(GraphError) -> Value {
        guard values.indices.contains(step) else {
            throw GraphError("a decoder of \(step) layers cannot take prompts of three levels; it needs two layers")
        }
        return values[values.count - 1 - step]
    }
}
