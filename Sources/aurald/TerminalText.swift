import AuralService

/// Text for people that has names of others in it: files, devices, programs.
enum TerminalText {
    /// The text without what could steer a terminal; its line breaks stay.
    static func safe(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { LogText.escaped(String($0)) }.joined(separator: "\n")
    }
}
