/// Cuts a text into the pieces within which GPT-2's byte-level BPE merges: contractions, words, numbers and runs of other characters, each with
/// the one space before it, and white space.
///
/// The rule is GPT-2's regular expression, taken apart; in its order:
///
///     's|'t|'re|'ve|'m|'ll|'d    as they are, at any place
///     ` ?\p{L}+`, ` ?\p{N}+`     letters, numbers
///     ` ?[^\s\p{L}\p{N}]+`       anything else but white space (also the marks of decomposed letters)
///     `\s+(?!\S)`                white space, but for its last character where something follows
///     `\s+`                      that last one
struct WordSplitter {
    /// What a character counts as.
    private enum Kind {
        case space, letter, number, other

        init(_ scalar: Unicode.Scalar) {
            let properties = scalar.properties
            if properties.isWhitespace {
                self = .space
                return
            }
            switch properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
            case .decimalNumber, .letterNumber, .otherNumber: self = .number
            default: self = .other
            }
        }
    }

    private let scalars: [Unicode.Scalar]
    private let kinds: [Kind]

    init(_ text: [Unicode.Scalar]) {
        scalars = text
        kinds = text.map { Kind($0) }
    }

    /// The pieces, in order and without gaps; `limit` of them at most.
    func pieces(limit: Int) -> [ArraySlice<Unicode.Scalar>] {
        var pieces: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        while start < scalars.count, pieces.count < limit {
            let end = self.end(from: start)
            pieces.append(scalars[start..<end])
            start = end
        }
        return pieces
    }

    /// Where the piece that begins at `start` ends; always beyond `start`.
    private func end(from start: Int) -> Int {
        if let end = endOfContraction(from: start) { return end }
        // One space, and only U+0020, belongs to what follows it.
        let first = scalars[start] == " " && start + 1 < scalars.count ? start + 1 : start
        if kinds[first] != .space { return endOfRun(from: first) }
        let end = endOfRun(from: start)
        return end < scalars.count && end - start > 1 ? end - 1 : end
    }

    private func endOfRun(from start: Int) -> Int {
        var end = start
        while end < kinds.count, kinds[end] == kinds[start] { end += 1 }
        return end
    }

    private func endOfContraction(from start: Int) -> Int? {
        guard scalars[start] == "'", start + 1 < scalars.count else { return nil }
        switch scalars[start + 1] {
        case "s", "t", "m", "d": return start + 2
        case "r", "v": return start + 2 < scalars.count && scalars[start + 2] == "e" ? start + 3 : nil
        case "l": return start + 2 < scalars.count && scalars[start + 2] == "l" ? start + 3 : nil
        default: return nil
        }
    }
}
