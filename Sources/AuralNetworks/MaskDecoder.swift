import AuralGraph

/// The mask decoder: two-way transformer, upscaling with the high-resolution features, hypernetworks, IoU and object heads, object pointers.
///
/// Inputs: `conditioned_embedding` [1, HW, d]; `sparse_prompt` [1, prompt_tokens, d]; `dense_prompt` [1, HW, d];
/// `high_res_0`, `high_res_1` as `ImageEncoder` writes them. Outputs: `masks` [1, 4, S/4, S/4] logits (row 0 is the single mask, 1 to 3 the
/// multimask ones), `ious` [1, 4], `object_score` [1, 1] logit, `pointers` [1, 4, d] (each mask token through the pointer
/// projection, not yet replaced where the object is absent).
/// For a `GridWindow` all of these are of the window's cells, HW and S are its own, and `cells` [1, HW] int64 tells which of the whole grid they are.
/// With audio, `audio_dense_0…2` [1, HW, d] and `audio_sparse_0…2` [1, d] too (see `AudioInjection`).
/// Source: upstream `mask_decoder.py`, `transformer.py`; the choice among the masks is `MaskSelection`'s.
///
/// Rewritten exactly: both transposed convolutions are 2×2 with stride 2, that is a matrix product that makes four finer pixels of each; as
/// normalisation and activation work pixel by pixel, the finer pixels stay beside each other in memory and only the finished mask logits
/// are put in order. The four hypernetworks are one batched product.
package struct MaskDecoder {
    /// What the decoder is told besides the image.
    package enum Prompts: Sendable {
        /// SAM 2's prompts: points, boxes, masks.
        case visual
        /// AuralFuser's, and nothing else: no sparse prompt tokens, not even the two that say "no point".
        case audio
        /// Both: the sparse prompt tokens follow the output tokens as ever, so that the mask tokens keep their places.
        case both
    }

    let recipe: NetworkRecipe
    let grid: Int
    let prompts: Prompts
    /// Side of the whole grid; that of the window is `grid`.
    private let wholeGrid: Int
    private let maskTokens = 4

    private var width: Int { recipe.modelWidth }
    private var tokens: Dimension { .fixed(grid * grid) }

    /// Plans the stage for square images of `imageSize` pixels, or with `isWindow` for windows of their grid.
    package init(_ recipe: NetworkRecipe, imageSize: Int, prompts: Prompts = .visual, isWindow: Bool = false) {
        self.recipe = recipe
        self.prompts = prompts
        wholeGrid = imageSize / 16
        grid = isWindow ? GridWindow.side(grid: wholeGrid) : wholeGrid
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let embedding = graph.input("conditioned_embedding", .float32, [1, tokens, .fixed(width)])
        let sparse = prompts == .audio ? nil : graph.input("sparse_prompt", .float32, [1, .symbol("prompt_tokens"), .fixed(width)])
        let dense = graph.input("dense_prompt", .float32, [1, tokens, .fixed(width)])
        let fine = graph.input("high_res_0", .float32, [1, tokens, 16, .fixed(width / 8)])
        let middle = graph.input("high_res_1", .float32, [1, tokens, 4, .fixed(width / 4)])

        let position = try position(graph)
        let output = try outputTokens(graph)
        let queries = sparse.map { graph.concat([output, $0], axis: 1, size: .symbol("decoder_tokens")) } ?? output
        let audio = prompts == .visual ? nil : AudioInjection(graph, width: width, cells: grid * grid)

        let transformer = TwoWayTransformer(recipe, graph)
        let (hidden, map) = try transformer.run(
            queries: queries, keys: graph.add(embedding, dense), keyPosition: position, audio: audio)

        // Token order: object score, IoU, four masks, then the prompts.
        let objectToken = graph.reshape(graph.slice(hidden, axis: 1, 0..<1), [1, .fixed(width)])
        let iouToken = graph.reshape(graph.slice(hidden, axis: 1, 1..<2), [1, .fixed(width)])
        let masks = graph.slice(hidden, axis: 1, 2..<6)
        graph.output(try maskLogits(graph, map, masks, fine, middle), "masks")
        let ious = try graph.multilayerPerceptron(
            iouToken, "sam_mask_decoder.iou_prediction_head", [width, recipe.iouHidden, recipe.iouHidden, maskTokens], activation: graph.relu)
        graph.output(graph.sigmoid(ious), "ious")
        let score = try graph.multilayerPerceptron(
            objectToken, "sam_mask_decoder.pred_obj_score_head", [width, width, width, 1], activation: graph.relu)
        graph.output(score, "object_score")
        graph.output(
            try graph.multilayerPerceptron(masks, "obj_ptr_proj", [width, width, width, width], activation: graph.relu), "pointers")
    }

    /// The Fourier code of the cells [1, HW, d].
    private func position(_ graph: GraphBuilder) throws -> Value {
        let gaussian = try graph.weights.floats("sam_prompt_encoder.pe_layer.positional_encoding_gaussian_matrix", shape: [2, width / 2])
        let code = PositionalEncodings.fourier(side: wholeGrid, gaussian: gaussian)
        guard grid < wholeGrid else { return try graph.constant(code, [1, grid * grid, width], "image_position") }
        return graph.gather(
            try graph.constant(code, [wholeGrid * wholeGrid, width], "image_positions"), graph.input("cells", .int64, [1, tokens]))
    }

    /// The learned output tokens [1, 6, d].
    private func outputTokens(_ graph: GraphBuilder) throws -> Value {
        let rows =
            try graph.weights.floats("sam_mask_decoder.obj_score_token.weight", shape: [1, width])
            + graph.weights.floats("sam_mask_decoder.iou_token.weight", shape: [1, width])
            + graph.weights.floats("sam_mask_decoder.mask_tokens.weight", shape: [maskTokens, width])
        return try graph.constant(rows, [1, 2 + maskTokens, width], "sam_mask_decoder.output_tokens")
    }

    /// Upscales the map and takes its product with the hypernetworks' rows: [1, 4, S/4, S/4].
    private func maskLogits(_ graph: GraphBuilder, _ map: Value, _ masks: Value, _ fine: Value, _ middle: Value) throws -> Value {
        let (quarter, eighth) = (width / 4, width / 8)
        let first = try graph.linear(map, try doubling(graph, "sam_mask_decoder.output_upscaling.0", width, quarter))
        var x = graph.add(graph.reshape(first, [1, tokens, 4, .fixed(quarter)]), middle)
        x = graph.gelu(try graph.layerNorm(x, "sam_mask_decoder.output_upscaling.1", epsilon: 1e-6))
        let second = try graph.linear(x, try doubling(graph, "sam_mask_decoder.output_upscaling.3", quarter, eighth))
        x = graph.gelu(graph.add(graph.reshape(second, [1, tokens, 16, .fixed(eighth)]), fine))
        x = graph.reshape(x, [1, .fixed(grid * grid * 16), .fixed(eighth)])
        let logits = graph.matmul(try hypernetworks(graph, masks), graph.transpose(x, [0, 2, 1]))
        // (masks, gy) gx y1 x1 y0 x0 to gy y1 y0, gx x1 x0.
        let cells = graph.reshape(logits, [.fixed(maskTokens * grid), .fixed(grid), 2, 2, 2, 2])
        let side = Dimension.fixed(grid * 4)
        return graph.reshape(graph.transpose(cells, [0, 2, 4, 1, 3, 5]), [1, .fixed(maskTokens), side, side])
    }

    /// A 2×2 stride 2 transposed convolution (weight [in, out, 2, 2]) as a Linear layer with outputs (y, x, channel).
    private func doubling(_ graph: GraphBuilder, _ key: String, _ inputWidth: Int, _ outputWidth: Int) throws -> LinearWeights {
        let kernel = try graph.weights.floats("\(key).weight", shape: [inputWidth, outputWidth, 2, 2])
        var values: [Float] = []
        values.reserveCapacity(kernel.count)
        for place in 0..<4 {
            for output in 0..<outputWidth {
                for input in 0..<inputWidth { values.append(kernel[(input * outputWidth + output) * 4 + place]) }
            }
        }
        let bias = try graph.weights.floats("\(key).bias", shape: [outputWidth])
        return LinearWeights(
            name: key, matrix: Matrix(rows: 4 * outputWidth, columns: inputWidth, values: values), bias: (0..<4).flatMap { _ in bias })
    }

    /// The four three-layer MLPs as batched products: [1, 4, d] to [1, 4, d/8].
    private func hypernetworks(_ graph: GraphBuilder, _ masks: Value) throws -> Value {
        let widths = [width, width, width, width / 8]
        // [1, 4, 1, d] · [4, d, d']
        var x = graph.reshape(masks, [1, .fixed(maskTokens), 1, .fixed(width)])
        for layer in 0..<3 {
            let layers = try (0..<maskTokens).map { mask in
                try LinearWeights(
                    graph.weights, "sam_mask_decoder.output_hypernetworks_mlps.\(mask).layers.\(layer)", widths[layer], widths[layer + 1])
            }
            let name = "sam_mask_decoder.output_hypernetworks_mlps.layers.\(layer)"
            let matrices = try graph.constant(
                layers.flatMap { $0.matrix.transposed().values }, [maskTokens, widths[layer], widths[layer + 1]], "\(name).weight")
            let biases = try graph.constant(layers.flatMap { $0.bias ?? [] }, [maskTokens, 1, widths[layer + 1]], "\(name).bias")
            x = graph.add(graph.matmul(x, matrices), biases)
            if layer < 2 { x = graph.relu(x) }
        }
        return graph.reshape(x, [1, .fixed(maskTokens), .fixed(width / 8)])
    }
}
