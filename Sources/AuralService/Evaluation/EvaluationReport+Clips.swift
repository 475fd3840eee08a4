extension EvaluationReport {
    /// A split's scores, and those of its clips.
    package struct Split: Encodable, Sendable {
        /// The split's name in the table.
        package let name: String
        /// Clips that the table has; `clips` are the first of them.
        package let available: Int
        /// Batches over which was averaged.
        package let batches: Int
        /// mJ and F; nil for the null set.
        package let scores: Scores?
        /// S; nil for all others.
        package let null: NullScores?
        /// One for each clip or expression, in order.
        package let clips: [Clip]

        init(_ split: EvaluationDataset.Split, _ score: SplitScore, _ clips: [Clip]) {
            name = split.name
            available = split.available
            batches = score.batches
            if let meanIoU = score.meanIoU, let fScore = score.fScore {
                scores = Scores(meanIoU: meanIoU, fScore: fScore)
            } else {
                scores = nil
            }
            null = score.nullRatio.map { NullScores(ratio: $0) }
            self.clips = clips
        }
    }

    /// One clip or expression by itself. In Ref-AVS the F of a clip has its own best threshold, that of the split one for each batch.
    package struct Clip: Encodable, Sendable {
        /// The clip's name and the line of the table that names it.
        package let name: String
        package let row: Int
        package let expression: String?
        /// The batch that it belongs to, from 0; nil in the null set.
        package let batch: Int?
        /// Frames that were scored, and those of them with anything to find.
        package let frames: Int
        package let framesWithForeground: Int
        /// The clip's own mJ and F; nil in the null set.
        package let scores: Scores?
        /// The clip's own S; nil elsewhere.
        package let null: NullScores?
        /// Frames and rows of sound that were repeated, and frames that were left out, so that there are as many as the model takes.
        package let paddedFrames: Int
        package let paddedAudioRows: Int
        package let cutFrames: Int

        private enum CodingKeys: String, CodingKey {
            case name, row, expression, batch, frames, scores, null
            case framesWithForeground = "frames_with_foreground"
            case paddedFrames = "padded_frames"
            case paddedAudioRows = "padded_audio_rows"
            case cutFrames = "cut_frames"
        }

        init(_ clip: EvaluationClip, _ frames: [FrameScore], _ material: ClipMaterial, batch: Int, isNull: Bool) {
            name = clip.name
            row = clip.row
            expression = clip.expression
            self.batch = isNull ? nil : batch
            self.frames = frames.count
            framesWithForeground = frames.count { $0.curve != nil }
            if isNull {
                scores = nil
                var score = SplitScore()
                frames.forEach { score.addNull($0) }
                null = score.nullRatio.map { NullScores(ratio: $0) }
            } else {
                let own = BatchScore(frames)
                scores = Scores(meanIoU: own.meanIoU, fScore: own.fScore)
                null = nil
            }
            paddedFrames = material.paddedFrames
            paddedAudioRows = material.paddedRows
            cutFrames = material.cutFrames
        }
    }
}
