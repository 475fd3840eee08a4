/// The clips that are evaluated, found and checked before the first one is segmented: a table with one wrong row should not end a run of hours.
package struct EvaluationDataset: Sendable {
    /// The data sets that are known, by the names that the command line takes.
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case avsBench = "avsbench"
        case refAVS = "ref-avs"
    }

    /// Clips whose scores are averaged together.
    package struct Split: Sendable {
        /// The split's name in the table.
        package let name: String
        /// The clips, in the order of the official code.
        package let clips: [EvaluationClip]
        /// Clips that the table has, of which `clips` may be the first part.
        package let available: Int
        /// Clips whose frames the official code scores together.
        package let batchSize: Int
        /// Whether nothing should be found in these clips.
        package let isNull: Bool
    }

    /// Which data set.
    package let kind: Kind
    /// Its folder, as it was given.
    package let root: String
    /// The part of AVSBench.
    package let subset: AVSBench.Subset?
    /// The splits, in the order in which they are evaluated.
    package let splits: [Split]

    /// Whether clips were left out.
    package var isPartial: Bool { splits.contains { $0.clips.count < $0.available } }

    /// Clips of all splits.
    package var clipCount: Int { splits.reduce(0) { $0 + $1.clips.count } }
}
