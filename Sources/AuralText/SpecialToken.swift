/// RoBERTa's tokens that stand for no text.
///
/// Written out in a text they are recognised, as the published tokenizer does: `<mask>` in an expression is one token.
enum SpecialToken: String, CaseIterable, Sendable {
    case start = "<s>"
    case padding = "<pad>"
    case end = "</s>"
    case unknown = "<unk>"
    case mask = "<mask>"

    /// The characters as they are written.
    private var scalars: [Unicode.Scalar] { Array(rawValue.unicodeScalars) }

    /// A part of a text: words, or one of these tokens.
    enum Part: Equatable {
        case text([Unicode.Scalar])
        case token(SpecialToken)
    }

    /// Cuts a text at the tokens that are written out in it. `<mask>` takes the white space before it with it.
    static func parts(of text: String) -> [Part] {
        let patterns = allCases.map { (token: $0, scalars: $0.scalars) }
        var parts: [Part] = []
        var words: [Unicode.Scalar] = []
        func flush() {
            if !words.isEmpty { parts.append(.text(words)) }
            words = []
        }
        var rest = Array(text.unicodeScalars)[...]
        while let next = rest.first {
            // No token is the beginning of another, so the first that fits is the only one.
            guard next == "<", let found = patterns.first(where: { rest.starts(with: $0.scalars) }) else {
                words.append(next)
                rest = rest.dropFirst()
                continue
            }
            if found.token == .mask { while words.last?.properties.isWhitespace == true { words.removeLast() } }
            flush()
            parts.append(.token(found.token))
            rest = rest.dropFirst(found.scalars.count)
        }
        flush()
        return parts
    }
}
