import AuralCore
import Foundation

/// The second of sound that the networks were given for a frame, as they see it: a log-mel spectrogram, for clients that want `spectrogram`.
public struct SpectrogramRecord: WireRecord {
    public static let type = "spectrogram"
    /// The value of a byte of 0: the logarithm of VGGish's offset, 0.01, which is digital silence.
    public static let floor = -4.6052
    /// What a byte is more than the one below it.
    public static let step = 0.04

    /// The frame's number at its source.
    public var sequence: UInt64
    /// When the sound ends, on CLOCK_MONOTONIC in nanoseconds.
    public var timeNanoseconds: Int64
    /// Moments of 10 ms, oldest first.
    public var columns: Int
    /// Mel bands of each, lowest first.
    public var bands: Int
    /// The value of a byte of 0.
    public var floor: Double
    /// What a byte is more than the one below it.
    public var step: Double
    /// A byte for each band of each column, the mean of both channels; in base64 on the wire.
    public var data: Data

    private enum CodingKeys: String, CodingKey {
        case columns, bands, floor, step, data
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
    }

    /// Makes bytes of a spectrogram of two channels, [2, columns, bands]; what is too loud for a byte becomes the largest one.
    ///
    /// Values that do not fill two channels are left out.
    public init(sequence: UInt64, end: MonoTime, logMel: [Float], bands: Int) {
        self.sequence = sequence
        timeNanoseconds = end.nanoseconds
        self.bands = max(1, bands)
        floor = Self.floor
        step = Self.step
        columns = logMel.count / 2 / max(1, bands)
        let count = columns * max(1, bands)
        data = Data(
            (0..<count).map { place in
                let mean = (Double(logMel[place]) + Double(logMel[count + place])) / 2
                let value = ((mean - Self.floor) / Self.step).rounded()
                return value.isFinite ? UInt8(min(max(value, 0), 255)) : 0
            })
    }

    public var kind: RecordKind { .part(.spectrogram, sequence: sequence) }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        writer.json.field("columns", columns)
        writer.json.field("bands", bands)
        writer.json.field("floor", floor, places: 4)
        writer.json.field("step", step, places: 4)
        writer.json.field("data", base64: data)
    }
}
