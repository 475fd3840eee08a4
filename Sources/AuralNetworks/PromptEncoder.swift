import AuralGraph

/// The prompt encoder for points and boxes.
///
/// Inputs: `point_coords` [1, points, 2] (x, y in pixels of the model's square) and `point_labels` int64 [1, points]: 1 and 0 clicks,
/// 2 and 3 a box's corners, −1 padding. Upstream appends one padding point whenever no box is given *as a box*, which the video predictor
/// never does; the caller appends it. Output `sparse_prompt` [1, points, d]. Source: upstream `prompt_encoder.py`.
package struct PromptEncoder {
    let recipe: NetworkRecipe
    let imageSize: Int

    /// Plans the stage for square images of `imageSize` pixels.
    package init(_ recipe: NetworkRecipe, imageSize: Int) {
        self.recipe = recipe
        self.imageSize = imageSize
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let width = recipe.modelWidth
        let key = "sam_prompt_encoder"
        let points = Dimension.symbol("points")
        let coordinates = graph.input("point_coords", .float32, [1, points, 2])
        let labels = graph.input("point_labels", .int64, [1, points])

        // Pixel centres, scaled to −1 … 1.
        let unit = try graph.multiply(try graph.add(coordinates, 0.5), by: 1 / Float(imageSize))
        let centred = try graph.add(try graph.multiply(unit, by: 2), -1)
        let gaussian = try graph.parameter("\(key).pe_layer.positional_encoding_gaussian_matrix", [2, width / 2])
        let angles = try graph.multiply(graph.matmul(centred, gaussian), by: 2 * .pi)
        let position = graph.concat([graph.sin(angles), graph.cos(angles)], axis: -1)

        // Row label + 1; padding has no position.
        let rows =
            try graph.weights.floats("\(key).not_a_point_embed.weight", shape: [1, width])
            + (0..<4).flatMap { try graph.weights.floats("\(key).point_embeddings.\($0).weight", shape: [1, width]) }
        let table = try graph.constant(rows, [5, width], "\(key).point_embeddings")
        let embedding = graph.gather(table, graph.addOne(labels))
        let isPoint = try graph.isGreater(graph.cast(labels, to: .float32), than: -0.5)
        graph.output(graph.add(embedding, graph.multiply(position, graph.unsqueeze(isPoint, [2]))), "sparse_prompt")
    }
}
