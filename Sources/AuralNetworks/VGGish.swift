import AuralGraph

/// VGGish: one second of log-mel to 128 numbers for each of two channels.
///
/// Input `log_mel` [rows, 2, 96, 64]; output `audio_features` [rows, 2·e], left channel first; not negative, as the last ReLU stays. No PCA, no
/// quantisation. Source: upstream's VGGish (torchvggish), tensors under `vgg.`.
package struct VGGish {
    /// Which layers are followed by a pooling of 2×2, by their place in `features`.
    private static let pooled: Set<Int> = [0, 3, 8, 13]
    /// Places of the convolutions in `features`.
    private static let places = [0, 3, 6, 8, 11, 13]

    let recipe: FuserRecipe

    /// Plans the stage.
    package init(_ recipe: FuserRecipe) {
        self.recipe = recipe
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let rows = Dimension.symbol("rows")
        let spectrogram = graph.input("log_mel", .float32, [rows, 2, 96, 64])
        // Both channels pass the same network.
        var x = graph.reshape(spectrogram, [.symbol("channel_rows"), 1, 96, 64])
        for (place, width) in zip(Self.places, recipe.vggish.convolutions) {
            x = graph.relu(try graph.convolution(x, "vgg.features.\(place)", outputWidth: width, kernel: 3, padding: 1))
            if Self.pooled.contains(place) { x = graph.maxPool2Channels(x) }
        }
        // Flattened with the channel last: index = (time · 4 + band) · channels + channel.
        var inputs = x.size(1) * x.size(2) * x.size(3)
        x = graph.reshape(graph.transpose(x, [0, 2, 3, 1]), [.symbol("channel_rows"), .fixed(inputs)])
        for (index, width) in recipe.vggish.embeddings.enumerated() {
            x = graph.relu(try graph.linear(x, "vgg.embeddings.\(2 * index)", inputs, width))
            inputs = width
        }
        graph.output(graph.reshape(x, [rows, .fixed(2 * inputs)]), "audio_features")
    }
}
