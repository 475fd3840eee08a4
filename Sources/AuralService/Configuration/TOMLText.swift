/// Pieces of TOML text. What comes from outside is made fit for one line of a terminal on the way.
enum TOMLText {
    /// The longest name that is shown whole, in characters.
    static let longestName = 64

    /// A string in quotes.
    static func string(_ text: String) -> String { "\"\(escaped(text))\"" }

    /// A key: bare where that is allowed, else in quotes. One that is far too long is cut.
    static func key(_ name: String) -> String {
        let shown = name.count > longestName ? name.prefix(longestName) + "…" : name
        let isBare = shown.utf8.allSatisfy(isBare)
        return isBare && !shown.isEmpty ? shown : string(shown)
    }

    /// Text without control characters, quotes or backslashes that are not escaped.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A message on one line.
    static func line(_ message: String) -> String { message.split(whereSeparator: \.isNewline).joined(separator: " ") }

    /// Whether a key may have a byte without quotes.
    static func isBare(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == 0x2d || byte == 0x5f
    }
}
