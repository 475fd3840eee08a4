import AuralGraph

/// Which pixels look like what sounds: a part of the `online` fuser that its recipe may ask for (`FuserRecipe.Matching`).
///
/// Unit vectors of the pixels at stride 16 are compared with those of the newest second of sound, of which there are several slots, as more than
/// one thing may sound. Each pixel takes the slots' values by a softmax over them and over a null whose logit is 0:
/// w_k = exp(s·cos_k + b) / (1 + Σ_j exp(s·cos_j + b)). The idea is AudioCon's (arXiv 2506.01015), moved into the forward pass.
/// Tensors `matching.pixel`, `matching.sound`, `matching.value` (Linear) and `matching.scale` [s, b].
struct MatchingAttention {
    let recipe: FuserRecipe
    let plan: FuserRecipe.Matching

    /// What is added to the dense prompts of every level [1, HW, d], from `patches` [1, HW, d] of stride 16 and `sound` [1, d], VGGish's newest
    /// row. Throws where the weights do not fit the recipe.
    func residual(_ graph: GraphBuilder, patches: Value, sound: Value) throws -> Value {
        let (slots, size, width) = (plan.slots, plan.size, recipe.width)
        let scale = try graph.weights.floats("matching.scale", shape: [2])
        let seen = graph.unitVectors(try graph.linear(patches, "matching.pixel", width, size))
        let heard = graph.unitVectors(graph.reshape(try graph.linear(sound, "matching.sound", width, slots * size), [.fixed(slots), .fixed(size)]))
        let similar = try graph.multiply(graph.matmul(seen, graph.transpose(heard, [1, 0])), by: scale[0])
        let logits = try graph.add(similar, scale[1])
        // The null stands first, with a logit and a value of 0.
        let cells = patches.size(1)
        let null = try graph.constant([Float](repeating: 0, count: cells), [1, cells, 1], "matching.null_logit")
        let weights = graph.softmax(graph.concat([null, logits], axis: 2, size: .fixed(slots + 1)))
        let values = graph.reshape(try graph.linear(sound, "matching.value", width, slots * width), [.fixed(slots), .fixed(width)])
        let nothing = try graph.constant([Float](repeating: 0, count: width), [1, width], "matching.null_value")
        return graph.matmul(weights, graph.concat([nothing, values], axis: 0, size: .fixed(slots + 1)))
    }
}
