import AuralGraph

/// The memory encoder: a frame's features and the object's mask become one spatial memory.
///
/// Inputs: `image_embedding` [1, HW, d] (without memory); `mask_logits` [1, 1, S/4, S/4]; `is_prompted` [1, 1, 1, 1], 1 where somebody
/// prompted the frame (then the mask is binarised, else it passes a sigmoid); `object_score` [1, 1] logit.
/// Output `memory` [1, HW, m]. Source: upstream `memory_encoder.py`, `_encode_new_memory`.
package struct MemoryEncoder {
    let recipe: NetworkRecipe
    let imageSize: Int
    let enlargesMask: Bool

    /// Plans the stage for square images of `imageSize` pixels. Without `enlargesMask`, `mask_logits` is [1, 1, S, S]: reference numbers
    /// were made with logits that some other factor had enlarged.
    package init(_ recipe: NetworkRecipe, imageSize: Int, enlargesMask: Bool = true) {
        self.recipe = recipe
        self.imageSize = imageSize
        self.enlargesMask = enlargesMask
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let (width, grid) = (recipe.modelWidth, imageSize / 16)
        let embedding = graph.input("image_embedding", .float32, [1, .fixed(grid * grid), .fixed(width)])
        let side = Dimension.fixed(enlargesMask ? grid * 4 : imageSize)
        let logits = graph.input("mask_logits", .float32, [1, 1, side, side])
        let isPrompted = graph.input("is_prompted", .float32, [1, 1, 1, 1])
        // SAM 2.0 does not use it; it is declared all the same, so that both generations are called alike.
        let objectScore = graph.input("object_score", .float32, [1, 1])

        // 20·sigmoid(x) − 10 = 10·tanh(x/2), and the binarised mask ±10 is what tanh becomes when x is made huge: one function for both, whose
        // gain is applied to the small map (enlarging is linear) and whose factor 10 goes into the first convolution. The tiny shift
        // makes a logit of exactly 0 count as background, as upstream's `> 0` does.
        let gain = try graph.add(try graph.multiply(isPrompted, by: 1e34), 0.5)
        let scaled = graph.multiply(try graph.add(logits, -1e-32), gain)
        let mask = graph.tanh(enlargesMask ? try graph.upsampleBilinear(scaled, factor: 4) : scaled)

        let downsampled = try downsampler(graph, mask)
        let pixels = try graph.linear(embedding, LinearWeights(graph.weights, "memory_encoder.pix_feat_proj", width, width, trailing: 2))
        let map = graph.transpose(graph.reshape(pixels, [1, .fixed(grid), .fixed(grid), .fixed(width)]), [0, 3, 1, 2])
        var x = graph.add(downsampled, map)
        for layer in 0..<recipe.memoryFuserLayers { x = try convNeXtBlock(graph, x, "memory_encoder.fuser.layers.\(layer)") }

        let projection = try LinearWeights(graph.weights, "memory_encoder.out_proj", width, recipe.memoryWidth, trailing: 2)
        var memory = try graph.linear(
            graph.reshape(graph.transpose(x, [0, 2, 3, 1]), [1, .fixed(grid * grid), .fixed(width)]), projection)
        if recipe.hasSpatialNoObjectEmbedding {
            // Added where the object is absent: SAM 2.1's mark of an occluded frame.
            let absent = try graph.add(try graph.multiply(try graph.isGreater(objectScore, than: 0), by: -1), 1)
            let mark = try graph.parameter("no_obj_embed_spatial", [1, recipe.memoryWidth])
            memory = graph.add(memory, graph.multiply(graph.unsqueeze(absent, [2]), mark))
        }
        graph.output(memory, "memory")
    }

    /// Four 3×3 stride 2 convolutions, each with four times the channels, then a 1×1 one: [1, 1, S, S] to [1, d, S/16, S/16].
    private func downsampler(_ graph: GraphBuilder, _ mask: Value) throws -> Value {
        let key = "memory_encoder.mask_downsampler.encoder"
        var x = mask
        for step in 0..<4 {
            let (inputs, outputs) = (step == 0 ? 1 : 4 << (2 * step - 2), 4 << (2 * step))
            var kernel = try graph.weights.floats("\(key).\(step * 3).weight", shape: [outputs, inputs, 3, 3])
            if step == 0 { kernel = kernel.map { $0 * 10 } }
            x = graph.convolution(
                x, kernel: try graph.constant(kernel, [outputs, inputs, 3, 3], "\(key).\(step * 3).weight"),
                bias: try graph.parameter("\(key).\(step * 3).bias", [outputs]), stride: 2, padding: 1)
            x = try graph.normalizedChannelsGELU(x, "\(key).\(step * 3 + 1)")
        }
        return try graph.convolution(x, "\(key).12", outputWidth: recipe.modelWidth, kernel: 1)
    }

    /// A ConvNeXt block (arXiv 2201.03545); the layer scale `gamma` is folded into the second point-wise layer.
    private func convNeXtBlock(_ graph: GraphBuilder, _ x: Value, _ key: String) throws -> Value {
        let width = recipe.modelWidth
        let mixed = try graph.convolution(x, "\(key).dwconv", outputWidth: width, kernel: 7, padding: 3, groups: width)
        let normed = try graph.layerNorm(graph.transpose(mixed, [0, 2, 3, 1]), "\(key).norm", epsilon: 1e-6)
        let first = try LinearWeights(graph.weights, "\(key).pwconv1", width, width * 4)
        let hidden = graph.gelu(try graph.linear(graph.linearInput(normed, for: [first]), first))
        let gamma = try graph.weights.floats("\(key).gamma", shape: [width])
        var second = try LinearWeights(graph.weights, "\(key).pwconv2", width * 4, width)
        for row in 0..<width {
            for column in 0..<(width * 4) { second.matrix.values[row * width * 4 + column] *= gamma[row] }
        }
        second.bias = second.bias.map { zip($0, gamma).map { $0 * $1 } }
        return graph.add(x, graph.transpose(try graph.linear(graph.linearInput(hidden, for: [second]), second), [0, 3, 1, 2]))
    }
}
