import AuralCapture
import AuralWire
import Foundation

/// A segment of a recording, to be read.
package struct RecordedSegment: Sendable {
    /// Its folder.
    package let folder: String
    /// What is in it.
    package let index: SegmentIndex

    /// A segment whose index is known.
    init(folder: String, index: SegmentIndex) {
        self.folder = folder
        self.index = index
    }

    /// Reads a segment's index. Throws where there is none, or one of a later layout.
    package init(folder: String) throws(RecordingError) {
        let path = "\(folder)/\(RecordingLayout.index)"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw RecordingError(.noRecording, path: folder, "no recording (there is no \(RecordingLayout.index)); give what aurald record wrote")
        }
        guard let index = try? JSONDecoder().decode(SegmentIndex.self, from: data), index.format == RecordingLayout.format else {
            throw RecordingError(.damaged, path: path, "no index of a recording")
        }
        guard index.version <= RecordingLayout.version else {
            throw RecordingError(
                .damaged, path: path, "of layout \(index.version), written by a later aurald; this one reads \(RecordingLayout.version)")
        }
        self.init(folder: folder, index: index)
    }

    /// The file with the sound; nil where there is none.
    package var soundPath: String? { index.sound == nil ? nil : "\(folder)/\(RecordingLayout.sound)" }

    /// All lines that count, in order. Throws with the line that is none.
    package func lines() throws(RecordingError) -> [RecordedLine] { try lines { _ in true } }

    /// Where the sound is, in order.
    func sounds() throws(RecordingError) -> [SoundPlace] {
        let head = Array(#"{"type":"\#(SoundPlace.type)","#.utf8)
        return try lines { $0.starts(with: head) }.compactMap { if case .sound(let place) = $0 { place } else { nil } }
    }

    private func lines(where isWanted: (Data) -> Bool) throws(RecordingError) -> [RecordedLine] {
        let path = "\(folder)/\(RecordingLayout.records)"
        guard let data = FileManager.default.contents(atPath: path) else { throw RecordingError(.damaged, path: path, "is missing") }
        let valid = data.prefix(Int(clamping: index.bytes[RecordingLayout.records] ?? Int64(data.count)))
        var lines: [RecordedLine] = []
        for (number, line) in valid.split(separator: UInt8(ascii: "\n")).enumerated() where isWanted(line) {
            do throws(WireError) {
                lines.append(try RecordedLine(line: Array(line)))
            } catch {
                throw RecordingError(.damaged, path: path, "line \(number + 1): \(error.description)")
            }
        }
        return lines
    }

    /// A picture's bytes. Throws where the file does not have them.
    package func picture(_ place: PicturePlace) throws(RecordingError) -> Data {
        let path = "\(folder)/\(RecordingLayout.pictures)"
        let (end, overflow) = place.offset.addingReportingOverflow(Int64(place.bytes))
        guard place.offset >= 0, place.bytes > 0, !overflow, end <= index.bytes[RecordingLayout.pictures] ?? .max else {
            throw RecordingError(.damaged, path: path, "the picture of frame \(place.seq) lies outside of it")
        }
        let bytes: [UInt8]
        do throws(CaptureError) {
            let file = try InputFile(path: path)
            // Before so many bytes are allocated.
            bytes = end <= file.size ? try file.bytes(at: Int(place.offset), count: place.bytes) : []
        } catch {
            throw RecordingError(.damaged, path: path, "cannot be read: \(error.description)")
        }
        guard bytes.count == place.bytes else {
            throw RecordingError(.damaged, path: path, "ends before the picture of frame \(place.seq)")
        }
        return Data(bytes)
    }
}
