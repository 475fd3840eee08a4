import AuralGraph

/// The prompt encoder for masks: the object's former logits on a correction, or a mask that somebody gives.
///
/// With `.logits`, input `mask_logits` [1, 1, S/4, S/4]. With `.mask`, input `mask` [1, 1, S, S] of 0 and 1, which first passes the
/// learned 4×4 `mask_downsample` (upstream `_use_mask_as_output`). Output `dense_prompt` [1, HW, d].
/// Source: upstream `prompt_encoder.py`, `mask_downscaling`.
package struct MaskPromptEncoder {
    /// What comes in.
    package enum Source: Sendable {
        case logits
        case mask
    }

    let recipe: NetworkRecipe
    let imageSize: Int
    let source: Source

    /// Plans the stage for square images of `imageSize` pixels.
    package init(_ recipe: NetworkRecipe, imageSize: Int, from source: Source) {
        self.recipe = recipe
        self.imageSize = imageSize
        self.source = source
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let side = imageSize / 4
        var x: Value
        switch source {
        case .logits:
            x = graph.input("mask_logits", .float32, [1, 1, .fixed(side), .fixed(side)])
        case .mask:
            let mask = graph.input("mask", .float32, [1, 1, .fixed(imageSize), .fixed(imageSize)])
            x = try graph.convolution(mask, "mask_downsample", outputWidth: 1, kernel: 4, stride: 4)
        }
        let key = "sam_prompt_encoder.mask_downscaling"
        let hidden = recipe.maskPromptWidth
        x = try graph.convolution(x, "\(key).0", outputWidth: hidden / 4, kernel: 2, stride: 2)
        x = try graph.normalizedChannelsGELU(x, "\(key).1")
        x = try graph.convolution(x, "\(key).3", outputWidth: hidden, kernel: 2, stride: 2)
        x = try graph.normalizedChannelsGELU(x, "\(key).4")
        x = try graph.convolution(x, "\(key).6", outputWidth: recipe.modelWidth, kernel: 1)
        let tokens = graph.transpose(x, [0, 2, 3, 1])
        graph.output(graph.reshape(tokens, [1, .fixed(side * side / 16), .fixed(recipe.modelWidth)]), "dense_prompt")
    }
}
