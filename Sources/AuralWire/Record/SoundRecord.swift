import AuralCore
import Foundation

/// Some of the sound that was heard, as it came from the microphone or the clip, for clients that want `sound`.
///
/// Pieces follow each other without a gap unless `first` leaps. What was missing at the source is zeros.
public struct SoundRecord: WireRecord {
    public static let type = "sound"
    /// The only format of this version: 16-bit signed little-endian samples, channels interleaved.
    public static let pcm = "s16le"

    /// The frame with which it is sent.
    public var sequence: UInt64
    /// When the first sample was taken, on CLOCK_MONOTONIC in nanoseconds; of a clip when it was due.
    public var timeNanoseconds: Int64
    /// The first sample's number at its source, counted for each channel.
    public var first: Int64
    /// Samples a second of each channel.
    public var rate: Int
    /// Channels.
    public var channels: Int
    /// How `data` is to be read. Not a closed set.
    public var format: String
    /// The samples; in base64 on the wire.
    public var data: Data

    private enum CodingKeys: String, CodingKey {
        case first, rate, channels, format, data
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
    }

    /// A piece of sound.
    public init(sequence: UInt64, time: MonoTime, first: Int64, rate: Int, channels: Int, samples: Data) {
        self.sequence = sequence
        timeNanoseconds = time.nanoseconds
        self.first = first
        self.rate = rate
        self.channels = channels
        format = Self.pcm
        data = samples
    }

    public var kind: RecordKind { .part(.sound, sequence: sequence) }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        writer.json.field("first", first)
        writer.json.field("rate", rate)
        writer.json.field("channels", channels)
        writer.json.field("format", format)
        writer.json.field("data", base64: data)
    }
}
