/// The place of a value in a TOML document, written as errors write it: `prompt[0].points[1]`.
struct TOMLPath {
    /// The longest text, in bytes. No path of ours comes near; without a limit a long table name would be copied for each of its keys.
    static let longestText = 128

    /// The path; nil where it is too long to be one of ours.
    private(set) var text: String? = ""
    /// How many tables and arrays are around the value.
    private(set) var depth = 0

    /// A key of this table.
    func key(_ name: String) -> TOMLPath {
        let key = TOMLText.key(name)
        return inside { $0.isEmpty ? key : "\($0).\(key)" }
    }

    /// An element of this array.
    func element(_ index: Int) -> TOMLPath { inside { "\($0)[\(index)]" } }

    private func inside(_ change: (String) -> String) -> TOMLPath {
        var path = self
        path.text = text.map(change).flatMap { $0.utf8.count > Self.longestText ? nil : $0 }
        path.depth += 1
        return path
    }
}
