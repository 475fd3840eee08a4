import AuralGraph

extension ImageEncoder {
    /// The Hiera trunk: one map for each of the four stages (strides 4, 8, 16, 32).
    func trunk(_ graph: GraphBuilder, _ image: Value) throws -> [TokenMap] {
        let patches = try patchEmbedding(graph, image)
        if extras.contains(.blocks) { graph.output(patches, "patch_embed") }
        let tokens = graph.add(patches, try positionalEmbedding(graph))
        if extras.contains(.blocks) { graph.output(tokens, "tokens_with_pos") }
        var map = TokenMap(value: tokens, rows: imageSize / 4, columns: imageSize / 4, window: nil)
        var stages: [TokenMap] = []
        for block in recipe.trunk.blocks {
            map = try multiScaleBlock(graph, map, block)
            if extras.contains(.blocks) { graph.output(map.arranged(graph, window: nil).value, "block\(block.index)") }
            if block.endsStage { stages.append(map) }
        }
        return stages
    }

    /// Normalisation of the pixels and the 7×7 stride 4 convolution, as one.
    ///
    /// (x/255 − mean)/std = (x − 255·mean)/(255·std): the subtraction stays, as the convolution's zero padding stands for the *mean* colour; the
    /// division is folded into the kernel.
    private func patchEmbedding(_ graph: GraphBuilder, _ image: Value) throws -> Value {
        let mean: [Float] = [0.485, 0.456, 0.406]
        let deviation: [Float] = [0.229, 0.224, 0.225]
        let key = "image_encoder.trunk.patch_embed.proj"
        let width = recipe.trunk.embedDim
        var kernel = try graph.weights.floats("\(key).weight", shape: [width, 3, 7, 7])
        for index in kernel.indices { kernel[index] /= 255 * deviation[index / 49 % 3] }
        // Turned around while a pixel is three bytes, not twelve.
        let planes = graph.cast(graph.transpose(image, [0, 3, 1, 2]), to: .float32)
        let centred = graph.subtract(planes, try graph.constant(mean.map { $0 * 255 }, [1, 3, 1, 1], "pixel_mean"))
        let tokens = graph.convolution(
            centred, kernel: try graph.constant(kernel, [width, 3, 7, 7], "\(key).weight"), bias: try graph.parameter("\(key).bias", [width]),
            stride: 4, padding: 3)
        return graph.transpose(tokens, [0, 2, 3, 1])
    }

    /// The background embedding, resampled to the token grid as upstream does (bicubic), plus the window embedding, tiled.
    private func positionalEmbedding(_ graph: GraphBuilder) throws -> Value {
        let width = recipe.trunk.embedDim
        let grid = recipe.trunk.positionGrid
        let window = recipe.trunk.windows[0]
        let side = imageSize / 4
        let background = try graph.weights.floats("image_encoder.trunk.pos_embed", shape: [1, width, grid, grid])
        let tile = try graph.weights.floats("image_encoder.trunk.pos_embed_window", shape: [1, width, window, window])
        let resampled = BicubicInterpolation(from: grid, to: side).resample(planes: background, count: width)
        var embedding = [Float](repeating: 0, count: side * side * width)
        for channel in 0..<width {
            for row in 0..<side {
                for column in 0..<side {
                    embedding[(row * side + column) * width + channel] =
                        resampled[(channel * side + row) * side + column]
                        + tile[(channel * window + row % window) * window + column % window]
                }
            }
        }
        return try graph.constant(embedding, [1, side, side, width], "image_encoder.trunk.pos_embed")
    }
}
