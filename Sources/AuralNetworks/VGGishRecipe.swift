/// The widths of VGGish: six 3×3 convolutions and three fully connected layers. Source: Hershey et al., CNN Architectures for Large-Scale Audio
/// Classification (ICASSP 2017).
package struct VGGishRecipe: Sendable, Codable, Equatable {
    /// The numbers of the convolutions among `vgg.features`.
    package static let features = [0, 3, 6, 8, 11, 13]
    /// After which convolutions, counted from 1, the map is halved; each is followed by ReLU.
    package static let pooledAfter: Set<Int> = [1, 2, 4, 6]
    /// The numbers of the fully connected layers among `vgg.embeddings`; each is followed by ReLU, the last one too.
    package static let embeddings = [0, 2, 4]
    /// Cells of the last map: 96 × 64 halved four times.
    package static let cells = 6 * 4

    /// Output channels of each convolution: [64, 128, 256, 256, 512, 512].
    package var convolutions: [Int]
    /// Outputs of each fully connected layer: [4096, 4096, 128].
    package var embeddings: [Int]

    /// Names all widths.
    package init(convolutions: [Int], embeddings: [Int]) {
        self.convolutions = convolutions
        self.embeddings = embeddings
    }

    /// As published.
    package static let official = VGGishRecipe(convolutions: [64, 128, 256, 256, 512, 512], embeddings: [4096, 4096, 128])

    /// Names and shapes of all tensors.
    package var tensors: [(name: String, shape: [Int])] {
        var tensors: [(name: String, shape: [Int])] = []
        for (index, (input, output)) in zip(Self.features, zip([1] + convolutions, convolutions)) {
            tensors += [("vgg.features.\(index).weight", [output, input, 3, 3]), ("vgg.features.\(index).bias", [output])]
        }
        let flat = Self.cells * (convolutions.last ?? 0)
        for (index, (input, output)) in zip(Self.embeddings, zip([flat] + embeddings, embeddings)) {
            tensors += [("vgg.embeddings.\(index).weight", [output, input]), ("vgg.embeddings.\(index).bias", [output])]
        }
        return tensors
    }
}
