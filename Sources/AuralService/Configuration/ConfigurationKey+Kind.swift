extension ConfigurationKey {
    /// What a key takes.
    package enum Kind: Sendable, Equatable {
        /// Any string but the empty one.
        case string
        /// One of these strings.
        case choice([String])
        /// A whole number in a range.
        case integer(ClosedRange<Int>)
        /// A number in a range.
        case number(ClosedRange<Double>)
        /// `true` or `false`.
        case boolean
        /// One of these strings, or a number in a range.
        case choiceOrNumber([String], ClosedRange<Double>)
        /// Permission bits as chmod(1) takes them: a string of three or four octal digits.
        case fileMode

        /// What the key takes, in words.
        package var expectation: String {
            switch self {
            case .string: "a string that is not empty"
            case .choice(let words): Self.list(words)
            case .integer(let range): "a whole number within \(range.lowerBound)…\(range.upperBound)"
            case .number(let range): "a number within \(Self.text(range))"
            case .boolean: "true or false"
            case .choiceOrNumber(let words, let range): "\(Self.list(words)) or a number within \(Self.text(range))"
            case .fileMode: "a string of three or four octal digits"
            }
        }

        private static func list(_ words: [String]) -> String {
            let quoted = words.map { "\"\($0)\"" }
            guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
            return "\(quoted.dropLast().joined(separator: ", ")) or \(last)"
        }

        private static func text(_ range: ClosedRange<Double>) -> String {
            [range.lowerBound, range.upperBound].map { Int(exactly: $0).map(String.init) ?? "\($0)" }.joined(separator: "…")
        }
    }

    /// A value of the right kind.
    enum Value: Sendable, Equatable {
        case string(String)
        case integer(Int)
        case number(Double)
        case boolean(Bool)

        /// As TOML writes it. Numbers in a range are never infinite nor NaN, and Swift's shortest form of them is TOML's too.
        var toml: String {
            switch self {
            case .string(let text): TOMLText.string(text)
            case .integer(let number): "\(number)"
            case .number(let number): "\(number)"
            case .boolean(let flag): "\(flag)"
            }
        }

        /// As `JSONSerialization` takes it.
        var json: Any {
            switch self {
            case .string(let text): text
            case .integer(let number): number
            case .number(let number): number
            case .boolean(let flag): flag
            }
        }
    }
}
