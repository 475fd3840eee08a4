/// Text from anywhere, made fit for one line of a log.
package enum LogText {
    /// The most bytes of a message, or of one value of its metadata, that are written: journald splits lines longer than 48 KiB.
    static let maximumBytes = 4096

    /// The text without what could break the line or steer a terminal: control and format characters and line separators are escaped as
    /// `\n`, `\t` or `\u{1b}`. Too long ones end with `…`.
    package static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        visit(text) { scalar in
            if isUnsafe(scalar) { result.append(contentsOf: escape(scalar).unicodeScalars) } else { result.append(scalar) }
        }
        return String(result)
    }

    /// A value of `key=value`: in quotes where it has spaces, quotes, `=` or backslashes, is empty, or needs escapes.
    static func value(_ text: String) -> String {
        let needsQuotes = text.isEmpty || text.unicodeScalars.contains { " \"=\\".unicodeScalars.contains($0) || isUnsafe($0) }
        guard needsQuotes else { return escaped(text) }
        return "\"" + escaped(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")) + "\""
    }

    /// A key of `key=value`, without what would make it two.
    static func key(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { " \"=\\".unicodeScalars.contains($0) || isUnsafe($0) ? "_" : $0 }))
    }

    /// A string of JSON (RFC 8259), in its quotes.
    static func json(_ text: String) -> String {
        var result = "\"".unicodeScalars
        visit(text) { scalar in
            switch scalar {
            case "\"", "\\": result.append(contentsOf: ["\\", scalar])
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                result.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            default: result.append(scalar)
            }
        }
        result.append("\"")
        return String(result)
    }

    /// Calls `body` with the scalars that are written.
    private static func visit(_ text: String, _ body: (Unicode.Scalar) -> Void) {
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= maximumBytes else { return body("…") }
            body(scalar)
        }
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
