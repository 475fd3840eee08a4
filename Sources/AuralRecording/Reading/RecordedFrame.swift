import AuralWire
import Foundation

/// A frame of a recording with what belongs to it.
package struct RecordedFrame: Sendable {
    /// The frame's record.
    package var record: FrameRecord
    /// Where its picture is; nil where that was lost on the way to the recorder.
    package var picture: PicturePlace?
    /// The segment in which picture and record are.
    package var segment: RecordedSegment
    /// Requests that took effect with the frame.
    package var before: [Request]
    /// Requests that changed what was shown on it.
    package var after: [Request]
    /// The frame does not follow the one before: another daemon, or the same one anew.
    package var beginsSession: Bool

    /// The picture's bytes; nil where there is none. Throws where the file is damaged.
    package func pictureData() throws(RecordingError) -> Data? {
        guard let picture else { return nil }
        return try segment.picture(picture)
    }
}

/// Puts frames together from the lines of a recording. Pure.
struct FrameAssembly {
    private var frame: RecordedFrame?
    private var coming: [Request] = []
    private var last: (sequence: UInt64, boot: String)?

    /// Takes a line; returns the frame that is complete with it.
    mutating func take(_ line: RecordedLine, of segment: RecordedSegment) -> RecordedFrame? {
        switch line {
        case .record(.frame(let record)):
            let complete = frame
            let follows = last.map { $0.boot == segment.index.bootID && record.sequence > $0.sequence } ?? false
            frame = RecordedFrame(record: record, segment: segment, before: coming, after: [], beginsSession: !follows)
            coming = []
            last = (record.sequence, segment.index.bootID)
            return complete
        case .record(.request(let record)):
            if let sequence = record.sequence, sequence == frame?.record.sequence {
                frame?.after.append(record.request)
            } else {
                coming.append(record.request)
            }
        case .picture(let place):
            if place.seq == frame?.record.sequence { frame?.picture = place }
        case .record, .sound: break
        }
        return nil
    }

    /// The last frame.
    mutating func finish() -> RecordedFrame? {
        defer { frame = nil }
        return frame
    }
}
