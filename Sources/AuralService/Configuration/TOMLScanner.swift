/// Finds the line of every key in a TOML text, which TOMLKit does not tell.
///
/// It walks tables, keys and values without looking at what the values are (https://toml.io/en/v1.0.0): it follows whatever is TOML, and
/// more. What it cannot follow must not come before toml++, which is built with its assertions and aborts the process on texts like `[}`.
struct TOMLScanner {
    /// The deepest nesting that is followed. Ours needs four. toml++ calls itself for each level when it frees them, and has no limit for
    /// dotted keys: half a million levels overflow the stack.
    static let deepest = 64

    /// The line of each path, from 1: where it is mentioned first.
    private(set) var lines: [String: Int] = [:]
    /// Where and why it could not follow; nil where it came to the end.
    private(set) var fault: Fault?

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    /// How many `[[tables]]` each path has had.
    private var counts: [String: Int] = [:]

    /// What is no TOML.
    struct Fault: Error, Equatable {
        /// The line, from 1.
        let line: Int
        /// What is wrong and what would be right.
        let message: String
    }

    /// Scans a text.
    init(_ text: String) {
        bytes = Array(text.utf8)
        // A byte order mark, which toml++ skips.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        do {
            try scan()
        } catch {
            fault = error
        }
    }

    /// The line of a path, or of the nearest thing around it that has one.
    func line(of path: String) -> Int? {
        var path = Substring(path)
        while !path.isEmpty {
            if let line = lines[String(path)] { return line }
            guard let end = path.lastIndex(where: { $0 == "." || $0 == "[" }) else { return nil }
            path = path[..<end]
        }
        return nil
    }

    private mutating func scan() throws(Fault) {
        var table = TOMLPath()
        while skipToNext() {
            if next == UInt8(ascii: "[") {
                table = try header()
            } else {
                try pair(in: table)
            }
            skipBlanks()
            guard next == nil || next == UInt8(ascii: "\n") || next == UInt8(ascii: "#") else { throw fault("expected the end of the line") }
        }
    }

    /// `[a.b]` or `[[a.b]]`. A name on the way that is an array of tables means its last one.
    private mutating func header() throws(Fault) -> TOMLPath {
        try expect("[")
        let isArray = take("[")
        let names = try dottedKey()
        try expect("]")
        if isArray { try expect("]") }
        var path = TOMLPath()
        for (index, name) in names.enumerated() {
            path = path.key(name)
            try note(path)
            guard let text = path.text else { continue }
            if isArray, index == names.count - 1 {
                path = path.element(counts[text, default: 0])
                counts[text, default: 0] += 1
                try note(path)
            } else if let count = counts[text] {
                path = path.element(count - 1)
            }
        }
        return path
    }

    /// `a.b = value`
    mutating func pair(in table: TOMLPath) throws(Fault) {
        var path = table
        for name in try dottedKey() {
            path = path.key(name)
            try note(path)
        }
        try expect("=")
        try value(path)
    }

    private mutating func dottedKey() throws(Fault) -> [String] {
        var names: [String] = []
        repeat {
            skipBlanks()
            names.append(try name())
            guard names.count <= Self.deepest else { throw tooDeep }
            skipBlanks()
        } while take(".")
        return names
    }
}

extension TOMLScanner {
    /// Remembers where a path is.
    mutating func note(_ path: TOMLPath) throws(Fault) {
        guard path.depth <= Self.deepest else { throw tooDeep }
        if let text = path.text, lines[text] == nil { lines[text] = line }
    }

    private var tooDeep: Fault { fault("nests deeper than \(Self.deepest) tables and arrays") }

    /// A fault on the current line.
    func fault(_ message: String) -> Fault { Fault(line: line, message: message) }

    /// The byte to look at; nil at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Goes one byte on; at the end it stays.
    mutating func advance() {
        guard let byte = next else { return }
        if byte == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    /// Goes past a byte if it is there.
    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        advance()
        return true
    }

    /// Goes past blanks and a byte that must follow them.
    mutating func expect(_ scalar: Unicode.Scalar) throws(Fault) {
        skipBlanks()
        guard take(scalar) else { throw fault("expected \(scalar)") }
    }

    /// Goes past spaces, tabs, and carriage returns before a line feed.
    mutating func skipBlanks() {
        while let byte = next {
            let isReturn = byte == 0x0d && position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n")
            guard byte == 0x20 || byte == 0x09 || isReturn else { return }
            advance()
        }
    }

    /// Goes past blanks, line feeds and comments; false at the end.
    mutating func skipToNext() -> Bool {
        while true {
            skipBlanks()
            if take("#") {
                while let byte = next, byte != UInt8(ascii: "\n") { advance() }
            } else if !take("\n") {
                return next != nil
            }
        }
    }

    /// The bytes from one position to the current one.
    func text(from start: Int) -> ArraySlice<UInt8> { bytes[min(start, position)..<position] }

    /// Where it is.
    var here: Int { position }
}
