import AuralCore
import AuralWire
import Foundation

@testable import AuralRecording

/// Records as a daemon sends them, with pictures and sound that can be told apart.
enum Samples {
    static let rate = 8000

    static func folder() -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "aurald-recording-\(UUID().uuidString)").path
        return path
    }

    static func hello(boot: String = "boot") -> ServerRecord {
        .hello(
            HelloRecord(
                version: "1.2.3", bootID: boot, time: MonoTime(nanoseconds: 5), wallNanoseconds: 7, subscription: Subscription(), source: "camera"))
    }

    static func mask(_ sequence: UInt64) throws -> RunLengthMask {
        try RunLengthMask(height: 4, width: 4, counts: [UInt32(sequence % 8), 3, UInt32(13 - sequence % 8)])
    }

    static func frame(_ sequence: UInt64, kind: FrameObject.Kind = .prompt, object: Int = 1) throws -> FrameRecord {
        FrameRecord(
            sequence: sequence, time: time(sequence), latencyMilliseconds: 1, size: [4, 4],
            objects: [FrameObject(objectID: ObjectID(object), kind: kind, score: 1, iou: 1, mask: try mask(sequence))])
    }

    static func time(_ sequence: UInt64) -> MonoTime { MonoTime(nanoseconds: 1_000_000_000 + Int64(sequence) * 100_000_000) }

    static func picture(_ sequence: UInt64) -> ServerRecord {
        .picture(PictureRecord(sequence: sequence, time: time(sequence), size: [4, 4], jpeg: Data("picture \(sequence)".utf8)))
    }

    /// A tenth of a second, of samples that are their own number.
    static func sound(_ sequence: UInt64, first: Int64? = nil, rate: Int = rate) -> ServerRecord {
        let first = first ?? Int64(sequence) * Int64(rate / 10)
        let samples = (0..<(rate / 10)).flatMap { index in
            withUnsafeBytes(of: Int16(truncatingIfNeeded: first + Int64(index)).littleEndian) { Array($0) }
        }
        return .sound(SoundRecord(sequence: sequence, time: time(sequence), first: first, rate: rate, channels: 1, samples: Data(samples)))
    }

    /// A writer whose disk is never full.
    static func writer(_ folder: String, _ limits: RecordingLimits = RecordingLimits(freeBytes: 0), wall: @escaping @Sendable () -> Int64 = { 0 })
        throws -> RecordingWriter
    {
        try RecordingWriter(folder: folder, limits: limits, wallNanoseconds: wall)
    }

    /// Frames with everything, without the hello.
    static func write(_ range: Range<UInt64>, to writer: RecordingWriter) throws {
        for sequence in range {
            try writer.take(.frame(try frame(sequence)))
            try writer.take(picture(sequence))
            try writer.take(sound(sequence))
        }
    }
}
