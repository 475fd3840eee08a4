import AuralCore

/// Ref-AVS as its authors distribute it: metadata.csv (vid, uid, fid, exp, split), `media/<vid>/frames` and `audio.wav`,
/// `gt_mask/<vid>/fid_<fid>`.
package enum RefAVS {
    /// The splits of the paper: objects that were seen in training, that were not, and expressions that mean nothing in the clip.
    package static let testSplits = ["test_s", "test_u", "test_n"]
    /// The split in which nothing should be found.
    package static let nullSplit = "test_n"
    /// Seconds of a clip.
    static let seconds = 10
    /// Expressions that the official code scores together.
    static let batchSize = 4

    /// Finds the expressions of one split, or of all three.
    ///
    /// - Parameters:
    ///   - root: the folder with metadata.csv, media and gt_mask.
    ///   - split: what the column `split` says; `test` means the three splits of the paper.
    ///   - limit: the most expressions of each split; nil takes all.
    /// - Throws: where the table, a row's folder, a label or the sound is missing.
    package static func open(root: String, split: String, limit: Int? = nil) throws(EvaluationError) -> EvaluationDataset {
        let table = try DatasetTable(root: root, paths: ["metadata.csv"])
        let expression = try table.table.column("exp")
        var splits: [EvaluationDataset.Split] = []
        for name in split == "test" ? testSplits : [split] {
            let rows = try table.rows(split: name)
            var clips: [EvaluationClip] = []
            for row in rows.prefix(limit ?? .max) {
                let words = table.table.value(row, expression)
                guard !words.isEmpty else { throw EvaluationError("\(table.place(row)): column exp is empty", exitStatus: .dataError) }
                clips.append(try clip(table, row, words, isNull: name == nullSplit))
            }
            splits.append(.init(name: name, clips: clips, available: rows.count, batchSize: batchSize, isNull: name == nullSplit))
        }
        return EvaluationDataset(kind: .refAVS, root: root, subset: nil, splits: splits)
    }

    private static func clip(_ table: DatasetTable, _ row: CSVTable.Row, _ words: String, isNull: Bool) throws(EvaluationError) -> EvaluationClip {
        let uid = try table.name(row, "uid")
        let video = isNull ? try nullVideo(uid, table.place(row)) : try table.name(row, "vid")
        let media = "\(table.root)/media/\(video)"
        let frames = try table.pictures("\(media)/frames", row)
        var labels: [String] = []
        if !isNull {
            labels = try table.labels("\(table.root)/gt_mask/\(video)/fid_\(try table.name(row, "fid"))", frames: frames, row)
        }
        return EvaluationClip(
            place: table.place(row), row: row.line, name: uid, frames: frames, labels: labels, rule: .anyLevel, audio: try table.audio(media, row),
            expression: words, seconds: seconds)
    }

    /// The clip of an expression of the null set: its uid without the last two fields, since the column vid says something else there.
    private static func nullVideo(_ uid: String, _ place: String) throws(EvaluationError) -> String {
        let fields = uid.split(separator: "_", omittingEmptySubsequences: false)
        let video = fields.dropLast(2).joined(separator: "_")
        guard fields.count > 2, !video.isEmpty, video != ".", video != ".." else {
            throw EvaluationError(
                "\(place): column uid: \(uid.debugDescription) does not end in two fields after underscores", exitStatus: .dataError)
        }
        return video
    }
}
