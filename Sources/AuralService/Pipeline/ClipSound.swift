import AuralCapture
import AuralCore
import AuralWire
import Glibc

/// The level of the sound that belongs to a clip: of the second that ends at each frame's time. Reads into memory that is reused.
package final class ClipSound {
    private let reader: WAVReader
    private let memory: [UnsafeMutableBufferPointer<Float>]

    /// Opens a WAV file. Throws what the reader reports.
    package init(path: String) throws(CaptureError) {
        let reader = try WAVReader(path: path)
        self.reader = reader
        // SAFETY: owned by this object, which is not Sendable, and freed in deinit.
        memory = (0..<reader.channelCount).map { _ in .allocate(capacity: reader.sampleRate) }
        for channel in memory { channel.initialize(repeating: 0) }
    }

    deinit {
        for channel in memory { channel.deallocate() }
    }

    /// Root mean square over all channels of the second before `seconds` (of the clip; a clip that is played again starts at its beginning).
    ///
    /// Throws where the file cannot be read any more.
    package func level(endingAt seconds: Double) throws(CaptureError) -> FrameRecord.Audio {
        let within = seconds.truncatingRemainder(dividingBy: max(reader.duration, 1e-3))
        let range = AudioLevel.segment(endingAt: within, sampleRate: reader.sampleRate, sampleCount: reader.sampleCount)
        let parts = memory.map { UnsafeMutableBufferPointer(rebasing: $0[0..<min(range.count, $0.count)]) }
        let count = try reader.read(from: range.lowerBound, into: parts)
        var sum = 0.0
        for channel in parts {
            for sample in channel[0..<min(count, channel.count)] { sum += Double(sample) * Double(sample) }
        }
        let mean = count > 0 ? sum / Double(count * memory.count) : 0
        // −120 dBFS stands for digital silence, which has no logarithm.
        return FrameRecord.Audio(rmsDBFS: max(10 * log10(max(mean, 1e-12)), -120))
    }
}
