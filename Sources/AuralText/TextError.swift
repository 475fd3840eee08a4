import AuralCore

/// Why words could not be made into tokens, or a text encoder's folder not be read: names the file, the line or key in it, and what to do.
package struct TextError: ReportableError, Sendable, Equatable {
    /// One line: what happened, where, and what to do.
    package let description: String
    /// `dataError` for bad content, `noInput` for a missing file, `noPermission`, `inputOutput`, or `usage` for words that are too many.
    package let exitStatus: ExitStatus

    /// Makes an error with a message for people.
    package init(_ description: String, exitStatus: ExitStatus = .dataError) {
        self.description = description
        self.exitStatus = exitStatus
    }

    /// An error about a file.
    init(file path: String, _ reason: String, exitStatus: ExitStatus = .dataError) {
        self.init("\(Self.printable(path, limit: 4096)): \(reason)", exitStatus: exitStatus)
    }

    /// Text out of a file, fit for one line of a terminal: a vocabulary is its maker's to choose, so it is never printed raw.
    static func printable(_ text: some StringProtocol, limit: Int = 60) -> String {
        let scalars = text.unicodeScalars.prefix(limit + 1)
        let shown = scalars.prefix(limit).map { scalar in
            let category = scalar.properties.generalCategory
            let isHarmless = category != .control && category != .format && category != .lineSeparator && category != .paragraphSeparator
            return isHarmless ? String(Character(scalar)) : "\\u{\(String(scalar.value, radix: 16))}"
        }
        return shown.joined() + (scalars.count > limit ? "…" : "")
    }
}
