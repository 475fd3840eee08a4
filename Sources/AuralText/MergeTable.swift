/// The merges of a byte-level BPE tokenizer, `merges.txt`: a line `left right` for each, the most frequent first, after an optional line
/// `#version: …`.
///
/// Source: Sennrich et al., Neural Machine Translation of Rare Words with Subword Units (ACL 2016).
struct MergeTable: Sendable {
    /// The longest file; RoBERTa's has 0.5 MB.
    static let maximumByteCount = 16 << 20

    /// Two tokens beside each other, by their numbers.
    struct Pair: Hashable, Sendable {
        var left: Int
        var right: Int
    }

    /// What becomes of a pair: the lower the rank, the sooner.
    struct Merge: Sendable {
        var rank: Int
        var result: Int
    }

    private let merges: [Pair: Merge]

    /// How many merges there are.
    var count: Int { merges.count }

    /// Reads the file at `path`. Throws with the path and the number of the line that is odd.
    init(path: String, vocabulary: Vocabulary) throws(TextError) {
        try self.init(SmallFile.bytes(path, limit: Self.maximumByteCount), path: path, vocabulary: vocabulary)
    }

    /// Reads the content of a file; `path` is for messages.
    init(_ content: [UInt8], path: String, vocabulary: Vocabulary) throws(TextError) {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw TextError(file: path, "not UTF-8 text; take merges.txt of a RoBERTa model")
        }
        var merges: [Pair: Merge] = [:]
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        for (index, line) in lines.enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            if index == 0, line.starts(with: "#version".unicodeScalars) { continue }
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map { Substring($0) }
            guard words.count == 2, let left = ByteAlphabet.bytes(of: words[0]), let right = ByteAlphabet.bytes(of: words[1]),
                !left.isEmpty, !right.isEmpty
            else {
                throw TextError(
                    file: path, "line \(index + 1) '\(TextError.printable(Substring(line)))' is not two tokens with a space between them")
            }
            var numbers: [Int] = []
            for (bytes, token) in [(left, "\(words[0])"), (right, "\(words[1])"), (left + right, "\(words[0])\(words[1])")] {
                guard let number = vocabulary.number(of: bytes) else {
                    throw TextError(
                        file: path,
                        "line \(index + 1): token '\(TextError.printable(token))' is not in vocab.json; take both files from the same model")
                }
                numbers.append(number)
            }
            let known = merges.updateValue(Merge(rank: index, result: numbers[2]), forKey: Pair(left: numbers[0], right: numbers[1]))
            if let known { throw TextError(file: path, "line \(index + 1) is the same merge as line \(known.rank + 1)") }
        }
        guard !merges.isEmpty else { throw TextError(file: path, "has no merges; take merges.txt of a RoBERTa model") }
        self.merges = merges
    }

    /// Merges the tokens of a word until no pair is left that the table knows: the lowest rank first, the leftmost of equal ones.
    ///
    /// The time grows with the square of the word's length, which `TextTokenizer` therefore limits.
    func merged(_ word: [Int]) -> [Int] {
        var tokens = word
        var next = zip(tokens, tokens.dropFirst()).map { merges[Pair(left: $0, right: $1)] }
        while let best = next.indices.min(by: { (next[$0]?.rank ?? .max) < (next[$1]?.rank ?? .max) }), let merge = next[best] {
            tokens[best] = merge.result
            tokens.remove(at: best + 1)
            next.remove(at: best)
            if best > 0 { next[best - 1] = merges[Pair(left: tokens[best - 1], right: tokens[best])] }
            if best < next.count { next[best] = merges[Pair(left: tokens[best], right: tokens[best + 1])] }
        }
        return tokens
    }
}
