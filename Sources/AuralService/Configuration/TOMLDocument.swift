import TOMLKit

/// A TOML text that has been read, and where its keys are.
struct TOMLDocument {
    /// What is in it. TOMLKit's values point into its memory without keeping it: it must live as long as they.
    let root: TOMLTable
    /// Where its keys are.
    let lines: TOMLScanner

    /// Reads a text; throws where it is no TOML, or nothing that TOMLKit may see.
    init(_ text: String) throws(TOMLScanner.Fault) {
        if let line = Self.lineOfNUL(text) {
            throw TOMLScanner.Fault(line: line, message: "holds a NUL character, which no configuration needs")
        }
        lines = TOMLScanner(text)
        if let fault = lines.fault { throw fault }
        do {
            root = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw TOMLScanner.Fault(line: error.source.begin.line, message: TOMLText.line(error.description))
        } catch {
            throw TOMLScanner.Fault(line: 1, message: "is no TOML: \(error)")
        }
    }

    /// The first line with a NUL, or with the escape for one. TOMLKit hands text over as C strings, so that whatever follows a NUL would be
    /// lost without a word.
    private static func lineOfNUL(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        var line = 1
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == 0 { return line }
            guard byte == UInt8(ascii: "\\") else { continue }
            let rest = bytes[(index + 1)...].prefix(9)
            if rest.starts(with: "u0000".utf8) || rest.starts(with: "U00000000".utf8) { return line }
        }
        return nil
    }
}
