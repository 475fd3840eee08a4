import Foundation

extension EvaluationReport {
    /// The scores as a table for people, in percent but for S, with a line for what was padded, cut or left out.
    package var text: String {
        var lines = [Self.line(["", "clips", "mJ", "F", "J&F", "S", "sqrt S"])]
        for split in splits {
            lines.append(Self.line([title(split), "\(split.clips.count)"] + Self.columns(split.scores) + Self.columns(split.null)))
        }
        if let mix { lines.append(Self.line(["mix (seen, unseen)", ""] + Self.columns(mix) + Self.columns(nil as NullScores?))) }
        return (lines + notes).map { $0 + "\n" }.joined()
    }

    /// What a reader must know to compare the scores with others.
    var notes: [String] {
        var notes: [String] = []
        for split in splits where split.clips.count < split.available {
            notes.append(
                "only the first \(split.clips.count) of \(split.available) clips of \(split.name) (--limit): these are not the data set's scores")
        }
        let clips = splits.flatMap(\.clips)
        func note(_ path: KeyPath<Clip, Int>, _ what: String) {
            let some = clips.map { $0[keyPath: path] }.filter { $0 > 0 }
            if !some.isEmpty { notes.append("\(some.count) of \(clips.count) clips \(what) (\(some.reduce(0, +)) in all)") }
        }
        note(\.paddedFrames, "have fewer frames than the model takes: the last one was repeated")
        note(\.paddedAudioRows, "have fewer seconds of sound than the model takes: the last one was repeated")
        note(\.cutFrames, "have more frames than the model takes: the rest was left out")
        return notes
    }

    private func title(_ split: Split) -> String {
        guard dataset == .refAVS else { return [subset?.rawValue, split.name].compactMap { $0 }.joined(separator: " ") }
        return switch split.name {
        case "test_s": "seen (test_s)"
        case "test_u": "unseen (test_u)"
        case RefAVS.nullSplit: "null (test_n)"
        default: split.name
        }
    }

    private static func columns(_ scores: Scores?) -> [String] {
        guard let scores else { return ["-", "-", "-"] }
        return [scores.meanIoU, scores.fScore, scores.mean].map { String(format: "%.2f", $0 * 100) }
    }

    private static func columns(_ scores: NullScores?) -> [String] {
        guard let scores else { return ["-", "-"] }
        return [scores.ratio, scores.root].map { String(format: "%.4f", $0) }
    }

    /// A title and right-aligned columns.
    private static func line(_ fields: [String]) -> String {
        func spaces(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(width - text.count, 0)) }
        let title = fields.first ?? ""
        return title + spaces(title, 20) + fields.dropFirst().map { spaces($0, 9) + $0 }.joined()
    }
}
