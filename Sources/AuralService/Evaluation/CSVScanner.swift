import AuralCore

/// Takes one record after the other from the bytes of a table.
struct CSVScanner {
    private let bytes: [UInt8]
    private let path: String
    private var position: Int
    private var line = 1

    /// Starts at the first record, after a byte order mark if there is one.
    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next record, or nil at the end. Empty lines are passed over.
    mutating func next() throws(EvaluationError) -> CSVTable.Row? {
        while position < bytes.count, endsLine() { skipLineEnd() }
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        while true {
            fields.append(try field())
            guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
            position += 1
        }
        skipLineEnd()
        return CSVTable.Row(line: start, fields: fields)
    }

    private mutating func field() throws(EvaluationError) -> String {
        let start = line
        var content: [UInt8] = []
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += 1
            while true {
                guard position < bytes.count else { throw fault(start, "a quote that is not closed") }
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    guard position < bytes.count, bytes[position] == byte else { break }
                    position += 1
                }
                if byte == UInt8(ascii: "\n") { line += 1 }
                content.append(byte)
            }
            guard position == bytes.count || bytes[position] == UInt8(ascii: ",") || endsLine() else {
                throw fault(line, "text after a closing quote; double the quotes within a field")
            }
        } else {
            while position < bytes.count, bytes[position] != UInt8(ascii: ","), !endsLine() {
                guard bytes[position] != UInt8(ascii: "\"") else { throw fault(line, "a quote within a field that does not begin with one") }
                content.append(bytes[position])
                position += 1
            }
        }
        guard let text = String(validating: content, as: UTF8.self) else { throw fault(start, "not UTF-8 text") }
        return text
    }

    /// Whether a line ends here, with LF or CRLF. A CR alone is a character like others.
    private func endsLine() -> Bool {
        bytes[position] == UInt8(ascii: "\n")
            || bytes[position] == UInt8(ascii: "\r") && position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: "\n")
    }

    private mutating func skipLineEnd() {
        guard position < bytes.count, endsLine() else { return }
        position += bytes[position] == UInt8(ascii: "\r") ? 2 : 1
        line += 1
    }

    private func fault(_ line: Int, _ what: String) -> EvaluationError {
        EvaluationError("\(path): line \(line): \(what)", exitStatus: .dataError)
    }
}
