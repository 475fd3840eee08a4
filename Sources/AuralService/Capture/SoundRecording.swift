import AuralCapture
import AuralCore

/// Writes what a microphone hears to a WAVE file, sample by sample. Sound that is missing becomes silence of its length, so that the file's time
/// stays the microphone's.
final class SoundRecording {
    private let path: String
    private var writer: WAVWriter?
    private var stream: SoundStream?
    private var next: Int64 = 0
    private var planar: [Float] = []
    private var interleaved: [Float] = []

    /// Samples of each channel that were written.
    private(set) var samples: Int64 = 0
    /// Those of them that were missing.
    private(set) var missing: Int64 = 0

    init(path: String) {
        self.path = path
    }

    /// Writes what has been heard since the last call. Throws where the file cannot be written, or the microphone came back with another format.
    func drain(_ stream: SoundStream?) throws(CaptureError) {
        guard let stream else { return }
        let ring = stream.ring
        if let known = self.stream {
            guard known.generation == stream.generation else {
                throw CaptureError(.unsupportedFormat, path: path, "the microphone came back with another format; capture again")
            }
        } else {
            self.stream = stream
            next = ring.start
            writer = try WAVWriter(path: path, sampleRate: ring.sampleRate, channelCount: ring.channels)
        }
        while next < ring.written { try write(next..<min(ring.written, next + 8192), of: ring) }
    }

    /// Completes the file.
    func finish() throws(CaptureError) { try writer?.finish() }

    private func write(_ range: Range<Int64>, of ring: SampleRing) throws(CaptureError) {
        let (count, channels) = (range.count, ring.channels)
        planar = planar.count == count * channels ? planar : [Float](repeating: 0, count: count * channels)
        interleaved = interleaved.count == planar.count ? interleaved : planar
        var span = planar.mutableSpan
        let result = ring.read(range, into: &span)
        missing += ring.missing(in: range) + result.lost
        for channel in 0..<channels {
            for index in 0..<count { interleaved[index * channels + channel] = planar[channel * count + index] }
        }
        try append()
        next = range.upperBound
        samples += Int64(count)
    }

    private func append() throws(CaptureError) {
        try interleaved.withUnsafeBufferPointer { buffer throws(CaptureError) in try writer?.append(interleaved: buffer) }
    }
}
