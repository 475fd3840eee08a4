import AuralCore

/// RoBERTa's tokenizer: byte-level BPE over the pieces of GPT-2's rule, always to `length` tokens as Ref-AVS gives them to its encoder.
package struct TextTokenizer: Sendable {
    /// Tokens of an expression, `<s>`, `</s>` and padding included; fixed by the trained fuser.
    package static let length = 25
    /// The longest expression in bytes of UTF-8: far more than 25 tokens, and little enough that merging takes no time.
    package static let maximumByteCount = 4096

    private let vocabulary: Vocabulary
    private let merges: MergeTable

    /// The largest number that `encode` may give; the encoder's table must be longer than that.
    package var lastToken: Int { vocabulary.last }

    /// Reads `vocab.json` and `merges.txt`. Throws with the file, and the line or token in it, that is missing or odd.
    package init(vocabulary vocabularyPath: String, merges mergesPath: String) throws(TextError) {
        vocabulary = try Vocabulary(path: vocabularyPath)
        merges = try MergeTable(path: mergesPath, vocabulary: vocabulary)
    }

    /// Reads the contents of both files, which a bundle may hold under other names.
    package init(vocabularyContent: [UInt8], mergesContent: [UInt8]) throws(TextError) {
        vocabulary = try Vocabulary(vocabularyContent, path: "vocab.json")
        merges = try MergeTable(mergesContent, path: "merges.txt", vocabulary: vocabulary)
    }

    /// The tokens of an expression; what does not fit is cut, and `</s>` kept.
    ///
    /// Throws `usage` where the text has more than `maximumByteCount` bytes.
    package func encode(_ text: String) throws(TextError) -> TextTokens {
        guard text.utf8.count <= Self.maximumByteCount else {
            throw TextError(
                "the expression has \(text.utf8.count) bytes, at most \(Self.maximumByteCount) are taken; "
                    + "say it in about \(Self.length - 2) words, no more are used", exitStatus: .usage)
        }
        let room = Self.length - 2
        var words: [Int] = []
        for part in SpecialToken.parts(of: text) where words.count <= room {
            switch part {
            case .token(let token): words.append(number(of: token))
            case .text(let scalars):
                // A piece gives one token at least, so no more pieces than that can count.
                for piece in WordSplitter(scalars).pieces(limit: room + 1 - words.count) where words.count <= room {
                    let bytes = piece.flatMap { UTF8.encode($0).map { Array($0) } ?? [] }
                    words += merges.merged(bytes.map { vocabulary.bytes[Int($0)] })
                }
            }
        }
        let kept = [number(of: .start)] + words.prefix(room) + [number(of: .end)]
        let padding = Self.length - kept.count
        return TextTokens(
            ids: kept.map { Int64($0) } + [Int64](repeating: Int64(number(of: .padding)), count: padding),
            mask: [Float](repeating: 1, count: kept.count) + [Float](repeating: 0, count: padding), isTruncated: words.count > room)
    }

    private func number(of token: SpecialToken) -> Int {
        vocabulary.special[token] ?? 0
    }
}
