import Foundation

/// The segments that lie in a folder.
enum RecordingFolder {
    /// The numbers of all segments, rising, also of those without an index.
    static func numbers(in folder: String) -> [Int] {
        names(in: folder).compactMap(RecordingLayout.number).sorted()
    }

    /// The segments that have an index, in order.
    static func segments(in folder: String) -> [RecordedSegment] {
        names(in: folder).filter { RecordingLayout.number(of: $0) != nil }
            .compactMap { try? RecordedSegment(folder: "\(folder)/\($0)") }
            .sorted { $0.index.number < $1.index.number }
    }

    private static func names(in folder: String) -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
}
