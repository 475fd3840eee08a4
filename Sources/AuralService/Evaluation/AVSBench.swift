import AuralCore

/// AVSBench as its authors distribute it: metadata.csv (uid, split, label, …), `<label>/<uid>/frames`, `labels_rgb` and `audio.wav`.
package enum AVSBench {
    /// Its three parts, by the names that the table has for them.
    package enum Subset: String, Sendable, CaseIterable, Codable {
        /// One sounding object, 5 s.
        case v1s
        /// Several sounding objects, 5 s.
        case v1m
        /// 10 s, with semantic labels; the official code evaluates it together with the other two.
        case v2

        /// Which parts are evaluated for this one, in the official order.
        var parts: [Subset] { self == .v2 ? [.v1s, .v1m, .v2] : [self] }
        /// Seconds of a clip.
        var seconds: Int { self == .v2 ? 10 : 5 }
    }

    /// Finds the clips of one split of one subset.
    ///
    /// - Parameters:
    ///   - root: the folder with metadata.csv (or avss_index/metadata.csv) and the folders of the subsets.
    ///   - subset: the part; `v2` means all three, as in the paper.
    ///   - split: what the column `split` says; `test` in the paper.
    ///   - limit: the most clips; nil takes all.
    /// - Throws: where the table, a row's folder, a label or the sound is missing.
    package static func open(root: String, subset: Subset, split: String, limit: Int? = nil) throws(EvaluationError) -> EvaluationDataset {
        let table = try DatasetTable(root: root, paths: ["metadata.csv", "avss_index/metadata.csv"])
        let label = try table.table.column("label")
        let rows = try table.rows(split: split)
        var chosen: [(part: Subset, row: CSVTable.Row)] = []
        for part in subset.parts {
            chosen += rows.filter { table.table.value($0, label) == part.rawValue }.map { (part, $0) }
        }
        guard !chosen.isEmpty else {
            throw EvaluationError("\(table.table.path): split \(split) has no rows with label \(subset.rawValue)", exitStatus: .usage)
        }
        var clips: [EvaluationClip] = []
        for (part, row) in chosen.prefix(limit ?? .max) {
            let uid = try table.name(row, "uid")
            let folder = "\(root)/\(part.rawValue)/\(uid)"
            let frames = try table.pictures("\(folder)/frames", row)
            clips.append(
                EvaluationClip(
                    place: table.place(row), row: row.line, name: "\(part.rawValue)/\(uid)", frames: frames,
                    labels: try table.labels("\(folder)/labels_rgb", frames: frames, row),
                    // Within the union the official code reads the labels of v1s like the others.
                    rule: subset == .v1s ? .whiteStays : .anyLevel, audio: try table.audio(folder, row), expression: nil, seconds: part.seconds))
        }
        let result = EvaluationDataset.Split(name: split, clips: clips, available: chosen.count, batchSize: 1, isNull: false)
        return EvaluationDataset(kind: .avsBench, root: root, subset: subset, splits: [result])
    }
}
