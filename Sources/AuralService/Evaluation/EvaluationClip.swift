/// One clip of a data set, or in Ref-AVS one expression for a clip: where its files are.
package struct EvaluationClip: Sendable, Equatable {
    /// The table and the line in it that name the clip, for errors.
    package var place: String
    /// The line of the table.
    package var row: Int
    /// The clip's own name.
    package var name: String
    /// The pictures, one a second, in order.
    package var frames: [String]
    /// The labels of the pictures, in the same order; empty where nothing should be found.
    package var labels: [String]
    /// How labels are read.
    package var rule: LabelMask.Rule
    /// The WAV file.
    package var audio: String
    /// What is looked for, in words.
    package var expression: String?
    /// Seconds that clips of this kind have: the T that networks for it were trained with.
    package var seconds: Int
}
