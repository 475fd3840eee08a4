extension TOMLScanner {
    /// Goes past a value and notes what is in it.
    mutating func value(_ path: TOMLPath) throws(Fault) {
        skipBlanks()
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): _ = try string()
        case UInt8(ascii: "["): try array(path)
        case UInt8(ascii: "{"): try inlineTable(path)
        default: try bare("a value", Self.isInValue)
        }
    }

    /// One part of a key.
    mutating func name() throws(Fault) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try string() }
        let start = here
        try bare("a name of letters, digits, _ and -, or one in quotes", TOMLText.isBare)
        return String(decoding: text(from: start), as: UTF8.self)
    }

    /// Goes past bytes that belong to a name, number, date or the like: at least one.
    private mutating func bare(_ what: String, _ belongs: (UInt8) -> Bool) throws(Fault) {
        let start = here
        while let byte = next, belongs(byte) { advance() }
        guard here > start else { throw fault("expected \(what)") }
    }

    /// Printable ASCII that ends no value, and the space within a date: other blanks, which only Unicode has, are not TOML.
    private static func isInValue(_ byte: UInt8) -> Bool {
        (0x20...0x7e).contains(byte)
            && ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: "#"), UInt8(ascii: "=")].contains(byte)
    }

    private mutating func array(_ path: TOMLPath) throws(Fault) {
        try expect("[")
        var index = 0
        while skipToNext(), next != UInt8(ascii: "]") {
            let element = path.element(index)
            try note(element)
            try value(element)
            index += 1
            guard skipToNext(), take(",") else { break }
        }
        try expect("]")
    }

    /// Line feeds and a comma at the end are TOML 1.1's; the parser decides about them.
    private mutating func inlineTable(_ path: TOMLPath) throws(Fault) {
        try expect("{")
        while skipToNext(), next != UInt8(ascii: "}") {
            try pair(in: path)
            guard skipToNext(), take(",") else { break }
        }
        try expect("}")
    }

    /// Goes past a string of any of the four kinds; returns what it holds where it may be a key, that is on one line.
    private mutating func string() throws(Fault) -> String {
        guard let quote = next else { throw fault("expected a string") }
        let withoutEnd = fault("this string has no end")
        let isBasic = quote == UInt8(ascii: "\"")
        var quotes = 0
        while quotes < 3, next == quote {
            advance()
            quotes += 1
        }
        if quotes == 2 { return "" }
        let start = here
        var isEscaped = false
        // How many quotes in a row end it. In a string of several lines fewer are just text, and two more may come before the end.
        var run = 0
        while let byte = next {
            if quotes == 1, byte == UInt8(ascii: "\n") { throw withoutEnd }
            run = byte == quote && !isEscaped ? run + 1 : 0
            isEscaped = isBasic && byte == UInt8(ascii: "\\") && !isEscaped
            let end = here
            advance()
            guard run == quotes else { continue }
            for _ in 0..<2 where quotes == 3 && next == quote { advance() }
            guard quotes == 1 else { return "" }
            return isBasic ? Self.unescaped(text(from: start).prefix(end - start)) : String(decoding: text(from: start).dropLast(), as: UTF8.self)
        }
        throw withoutEnd
    }

    /// A basic string's text. A sequence that TOML does not know stays as it is: the parser refuses it.
    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
        var result = ""
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let character = rest.popFirst() {
            guard character == "\\", let kind = rest.popFirst() else {
                result.append(character)
                continue
            }
            if let digits = ["u": 4, "U": 8][kind], let code = UInt32(rest.prefix(digits), radix: 16), let scalar = Unicode.Scalar(code) {
                result.unicodeScalars.append(scalar)
                rest = rest.dropFirst(digits)
            } else {
                let simple: [Character: Character] = ["b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{c}", "r": "\r"]
                result.append(simple[kind] ?? kind)
            }
        }
        return result
    }
}
