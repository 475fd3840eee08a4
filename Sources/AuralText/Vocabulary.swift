import FoundationEssentials

/// The tokens of a byte-level BPE tokenizer and their numbers: `vocab.json`, one JSON object of token to number.
struct Vocabulary: Sendable {
    /// The longest file; RoBERTa's has 0.9 MB.
    static let maximumByteCount = 16 << 20
    /// The largest number of a token, far above RoBERTa's 50 264.
    static let maximumNumber = 1 << 20

    /// Numbers by the bytes that a token stands for.
    private let numbers: [[UInt8]: Int]
    /// Numbers of the tokens that stand for no text, in the order of `SpecialToken.allCases`.
    let special: [SpecialToken: Int]
    /// The number of each single byte.
    let bytes: [Int]
    /// The largest number.
    let last: Int

    /// Reads the file at `path`. Throws with the path and the token that is missing or odd.
    init(path: String) throws(TextError) {
        try self.init(SmallFile.bytes(path, limit: Self.maximumByteCount), path: path)
    }

    /// Reads the content of a file; `path` is for messages.
    init(_ content: [UInt8], path: String) throws(TextError) {
        guard let entries = try? JSONDecoder().decode([String: Int].self, from: Data(content)) else {
            throw TextError(file: path, "not a JSON object of tokens and whole numbers; take vocab.json of a RoBERTa model")
        }
        var taken: [Int: String] = [:]
        var numbers: [[UInt8]: Int] = [:]
        for (token, number) in entries.sorted(by: { $0.value < $1.value }) {
            let quoted = "token '\(TextError.printable(token))'"
            guard (0...Self.maximumNumber).contains(number) else {
                throw TextError(file: path, "\(quoted) has the number \(number), expected 0 to \(Self.maximumNumber)")
            }
            if let other = taken[number] {
                throw TextError(file: path, "\(quoted) and token '\(TextError.printable(other))' have the same number \(number)")
            }
            taken[number] = token
            // What the alphabet cannot write, no text can give: it is nothing to merge.
            if let bytes = ByteAlphabet.bytes(of: token), !bytes.isEmpty { numbers[bytes] = number }
        }
        var special: [SpecialToken: Int] = [:]
        for token in SpecialToken.allCases {
            guard let number = entries[token.rawValue] else {
                throw TextError(file: path, "token '\(token.rawValue)' is missing; take vocab.json of a RoBERTa model")
            }
            special[token] = number
        }
        guard special[.padding] == 1 else {
            throw TextError(file: path, "token '<pad>' has the number \(special[.padding] ?? 0), expected 1 as in every RoBERTa model")
        }
        var bytes: [Int] = []
        for byte in UInt8.min...UInt8.max {
            guard let number = numbers[[byte]] else {
                let token = String(Character(ByteAlphabet.scalars[Int(byte)]))
                throw TextError(file: path, "token '\(token)' for the byte \(byte) is missing; take vocab.json of a RoBERTa model")
            }
            bytes.append(number)
        }
        self.numbers = numbers
        self.special = special
        self.bytes = bytes
        last = taken.keys.max() ?? 0
    }

    /// The number of the token that stands for these bytes.
    func number(of bytes: [UInt8]) -> Int? {
        numbers[bytes]
    }
}
