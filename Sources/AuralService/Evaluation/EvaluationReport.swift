/// The result of an evaluation, as it is written to a file. All scores are ratios from 0 to 1.
package struct EvaluationReport: Encodable, Sendable {
    /// Which data set, and where.
    package let dataset: EvaluationDataset.Kind
    package let root: String
    /// The part of AVSBench.
    package let subset: AVSBench.Subset?
    /// Which map of the decoder became the mask.
    package let decode: DecodeMode
    /// Side of the square at which masks and labels were compared.
    package let imageSize: Int
    /// Whether clips were left out, so that the scores are not the data set's.
    package let isPartial: Bool
    /// The splits, each with its clips.
    package let splits: [Split]
    /// The mean of the seen and the unseen split of Ref-AVS ("mix"), where both were evaluated.
    package let mix: Scores?

    private enum CodingKeys: String, CodingKey {
        case dataset, root, subset, decode, splits, mix
        case imageSize = "image_size"
        case isPartial = "is_partial"
    }

    /// mJ, F and their mean.
    package struct Scores: Encodable, Sendable, Equatable {
        package let meanIoU: Double
        package let fScore: Double
        /// J&F.
        package let mean: Double

        private enum CodingKeys: String, CodingKey {
            case meanIoU = "mj"
            case fScore = "f"
            case mean = "j_and_f"
        }

        /// Two scores and their mean.
        init(meanIoU: Double, fScore: Double) {
            self.meanIoU = meanIoU
            self.fScore = fScore
            mean = (meanIoU + fScore) / 2
        }
    }

    /// The null set's S, both ways.
    package struct NullScores: Encodable, Sendable, Equatable {
        /// The part of all pixels that is inside, as the official code reports it.
        package let ratio: Double
        /// Its square root, as the papers define S.
        package let root: Double

        private enum CodingKeys: String, CodingKey {
            case ratio = "s"
            case root = "s_sqrt"
        }

        init(ratio: Double) {
            self.ratio = ratio
            root = ratio.squareRoot()
        }
    }

    /// Puts the results together.
    init(_ dataset: EvaluationDataset, decode: DecodeMode, imageSize: Int, splits: [Split]) {
        self.dataset = dataset.kind
        root = dataset.root
        subset = dataset.subset
        self.decode = decode
        self.imageSize = imageSize
        isPartial = dataset.isPartial
        self.splits = splits
        let both = ["test_s", "test_u"].compactMap { name in splits.first { $0.name == name }?.scores }
        mix =
            both.count == 2
            ? Scores(meanIoU: (both[0].meanIoU + both[1].meanIoU) / 2, fScore: (both[0].fScore + both[1].fScore) / 2) : nil
    }
}
