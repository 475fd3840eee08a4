import AuralCore
import AuralWire
import Foundation

/// Some sound as it came from its source, for clients that want it.
package struct SoundPiece: Sendable, Equatable {
    /// The longest piece, in samples of each channel: a second of what most sound cards deliver, so that a record fits into a line.
    package static let longest = 48_000

    /// The first sample's number at its source.
    package var first: Int64
    /// When it was taken.
    package var time: MonoTime
    /// Samples a second.
    package var rate: Int
    /// Channels.
    package var channels: Int
    /// 16-bit little-endian samples, channels interleaved.
    package var samples: Data

    /// Makes a piece of float samples, one channel after the other, each of `stride` of which the first `count` are meant.
    init(first: Int64, time: MonoTime, rate: Int, channels: Int, count: Int, stride: Int, _ values: Span<Float>) {
        self.first = first
        self.time = time
        self.rate = rate
        self.channels = channels
        var samples = Data(capacity: 2 * channels * count)
        for index in 0..<min(count, stride) {
            for channel in 0..<channels where channel * stride + index < values.count {
                let value = (values[channel * stride + index] * 32_768).rounded()
                let sample = value.isFinite ? Int16(min(max(value, -32_768), 32_767)) : 0
                withUnsafeBytes(of: sample.littleEndian) { samples.append(contentsOf: $0) }
            }
        }
        self.samples = samples
    }

    /// The piece as a record that goes with a frame.
    func record(sequence: UInt64) -> SoundRecord {
        SoundRecord(sequence: sequence, time: time, first: first, rate: rate, channels: channels, samples: samples)
    }
}
