import AuralCapture
import AuralCore
import AuralRecording

/// The sound of a recording, at the times of its frames.
package final class RecordedSound {
    package var hearing: Configuration.Hearing {
        didSet { for part in parts { part.sound.hearing = hearing } }
    }
    private let parts: [(track: RecordedTrack, sound: ClipSound)]
    private var current = 0

    /// Opens a recording's sound; nil where there is none. Throws where it is damaged.
    package init?(_ recording: Recording, hearing: Configuration.Hearing) throws {
        let tracks = try RecordedTrack.tracks(of: recording)
        guard !tracks.isEmpty else { return nil }
        self.hearing = hearing
        parts = tracks.map { ($0, ClipSound(reader: $0, frameDurationNanoseconds: 1, frameCount: nil, hearing: hearing)) }
    }
}

extension RecordedSound: FrameSound {
    package func hear(_ frame: Frame, needsSegment: Bool) throws -> HeardSound? {
        // Frames come in order, and so do tracks; two boots may have the same times.
        for index in Array(parts.indices[current...]) {
            guard let sample = parts[index].track.sample(at: frame.time) else { continue }
            current = index
            return try parts[index].sound.hear(
                seconds: Double(sample) / Double(max(1, parts[index].track.sampleRate)), gateTime: frame.time, at: frame.time,
                needsSegment: needsSegment)
        }
        return nil
    }

    package func pieces(for frame: Frame) throws -> [SoundPiece] { [] }

    package func forgetPieces() {}
}
