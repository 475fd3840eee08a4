import AuralCapture
import AuralWire
import Foundation

/// A segment's sound as a WAVE file of 16-bit samples, whose header is right after each flush.
final class SoundFile {
    /// The longest stretch of lost sound that is written as silence, in seconds; after a longer one a new segment begins.
    static let longestGapSeconds: Int64 = 10

    /// What is in the file.
    private(set) var sound: SegmentIndex.Sound
    private let file: AppendFile

    /// Creates the file for sound like this piece.
    init(path: String, like piece: SoundRecord) throws(RecordingError) {
        sound = SegmentIndex.Sound(rate: piece.rate, channels: piece.channels, first: piece.first, samples: 0)
        file = try AppendFile(path: path)
        try file.append(header)
    }

    /// Bytes in the file.
    var count: Int64 { file.count }

    /// Whether a piece goes on where this file ends, but for a short gap.
    func takes(_ piece: SoundRecord) -> Bool {
        guard piece.rate == sound.rate, piece.channels == sound.channels, piece.format == SoundRecord.pcm else { return false }
        let gap = piece.first.subtractingReportingOverflow(sound.first + sound.samples)
        // Sizes in the header have 32 bits.
        let room = Int64(UInt32.max) - 64 - file.count - Int64(piece.data.count)
        return !gap.overflow && gap.partialValue >= 0 && gap.partialValue <= Self.longestGapSeconds * Int64(sound.rate)
            && gap.partialValue * Int64(2 * sound.channels) <= room
    }

    /// Adds a piece that it takes; what was lost before it is silence. Returns the piece's place, in samples.
    func append(_ piece: SoundRecord) throws(RecordingError) -> Int64 {
        let gap = piece.first - (sound.first + sound.samples)
        if gap > 0 {
            try file.append([UInt8](repeating: 0, count: Int(gap) * 2 * sound.channels))
            sound.samples += gap
        }
        let place = sound.samples
        let whole = piece.data.count / (2 * sound.channels)
        try piece.data.prefix(whole * 2 * sound.channels).span.bytes.withUnsafeBytes {
            (raw: UnsafeRawBufferPointer) throws(RecordingError) in try file.append(raw)
        }
        sound.samples += Int64(whole)
        return place
    }

    /// Completes the header for what is there, and waits until it is on the disk.
    func flush() throws(RecordingError) {
        try file.overwrite(header, at: 0)
        try file.flush()
    }

    private var header: [UInt8] {
        WAVFormat(encoding: .signed16, channelCount: sound.channels, sampleRate: sound.rate)
            .header(dataByteCount: UInt32(clamping: sound.samples * Int64(2 * sound.channels)))
    }
}
