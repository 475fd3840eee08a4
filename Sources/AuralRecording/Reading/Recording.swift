import AuralWire
import Foundation

/// A recording, or one segment of it, to be read in order.
package struct Recording: Sendable {
    /// What was given.
    package let path: String
    /// The segments, in order; at least one.
    package let segments: [RecordedSegment]

    /// Opens what `aurald record` wrote: its folder, or that of one segment. Throws where there is no segment.
    package init(path: String) throws(RecordingError) {
        self.path = path
        let inside = RecordingFolder.segments(in: path)
        segments = inside.isEmpty ? [try RecordedSegment(folder: path)] : inside
    }

    /// Frames in all segments.
    package var frameCount: Int { segments.reduce(0) { $0.addingReportingOverflow(max(0, $1.index.frames)).partialValue } }

    /// Whether any sound was recorded.
    package var hasSound: Bool { segments.contains { $0.index.sound != nil } }
}

/// The frames of a recording, in order, read segment by segment. After a failure there are no more.
package struct RecordedFrames: Sequence, IteratorProtocol {
    private var segments: ArraySlice<RecordedSegment>
    private var lines: ArraySlice<RecordedLine> = []
    private var current: RecordedSegment?
    private var assembly = FrameAssembly()

    /// Begins at the first frame.
    package init(_ recording: Recording) { segments = recording.segments[...] }

    package mutating func next() -> Result<RecordedFrame, RecordingError>? {
        while true {
            if let line = lines.popFirst(), let current {
                if let frame = assembly.take(line, of: current) { return .success(frame) }
            } else if let segment = segments.popFirst() {
                current = segment
                do throws(RecordingError) {
                    lines = try segment.lines()[...]
                } catch {
                    segments = []
                    return .failure(error)
                }
            } else {
                return assembly.finish().map { .success($0) }
            }
        }
    }
}
