/// The names of files in a recording: a folder of segments, each a folder of its own. docs/recording.md describes them.
enum RecordingLayout {
    /// The value of `format` in an index.
    static let format = "aurald-recording"
    /// The version of the layout.
    static let version = 1
    /// The pictures, one JPEG file after the other.
    static let pictures = "frames.mjpg"
    /// The sound.
    static let sound = "audio.wav"
    /// The records, one a line.
    static let records = "records.ndjson"
    /// What is in the segment.
    static let index = "index.json"

    /// The name of a segment's folder: its number, by which segments are ordered, and when it began, for people.
    static func folder(number: Int, begun: String) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "-" + begun
    }

    /// The number in a folder's name; nil where it is none of ours.
    static func number(of folder: String) -> Int? {
        let parts = folder.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count >= 6, parts[0].allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(parts[0])
    }
}
