import AuralCapture
import AuralCore
import AuralHearing
import AuralWire
import Synchronization

/// What a microphone hears, for frames. Used on the inference thread.
final class LiveSound: FrameSound {
    /// How much later sound arrives than the picture of the same moment, in nanoseconds; may change at any time.
    final class Offset: Sendable {
        private let value: Atomic<Int64>

        init(_ nanoseconds: Int64) { value = Atomic(nanoseconds) }

        var nanoseconds: Int64 {
            get { value.load(ordering: .relaxed) }
            set { value.store(newValue, ordering: .relaxed) }
        }
    }

    var hearing: Configuration.Hearing {
        didSet { gate.set(hearing) }
    }

    let stream: @Sendable () -> SoundStream?
    private let offset: Offset
    private let clock: any TimeSource
    private var gate: FrameGate
    private var segments = FrameSegments()
    private var generation: Int?
    /// The sample that is told next to clients that want sound; nil while there are none.
    var heardUpTo: Int64?
    /// What is read of the ring at a time, one channel after the other.
    private var samples: [Float] = []

    /// Listens to what `stream` gives; nil while there has been no microphone.
    init(
        offset: Offset, hearing: Configuration.Hearing = .init(), clock: any TimeSource = SystemTimeSource(),
        stream: @escaping @Sendable () -> SoundStream?
    ) {
        self.stream = stream
        self.offset = offset
        self.hearing = hearing
        self.clock = clock
        gate = FrameGate(hearing)
    }

    func hear(_ frame: Frame, needsSegment: Bool) -> HeardSound? {
        guard let stream = stream(), let reading = stream.clock.reading,
            let window = stream.window(at: frame.time, offsetNanoseconds: offset.nanoseconds, now: clock.now()),
            // Sound that ends before the frame's second begins says nothing of it: the microphone is gone.
            !window.range.isEmpty, window.ahead < Int64(stream.ring.sampleRate)
        else {
            gate.hearNothing(at: frame.time)
            return nil
        }
        let isSounding = gate.hear(newest(endingAt: window.range.upperBound, of: stream.ring), at: frame.time)
        let milliseconds = { (samples: Int64) -> Double? in samples > 0 ? Double(samples) * 1000 / Double(stream.ring.sampleRate) : nil }
        let audio = FrameRecord.Audio(
            rmsDBFS: window.level, isSounding: isSounding, lateMilliseconds: milliseconds(window.ahead),
            missingMilliseconds: milliseconds(window.missing))
        guard needsSegment else { return HeardSound(audio: audio) }
        let end = reading.sample(at: frame.time.advanced(byNanoseconds: offset.nanoseconds))
        // A rate that cannot be resampled leaves the networks without sound; the microphone may come back with another.
        let segment = try? segment(endingAt: end, at: frame.time, of: stream, isSounding: isSounding)
        return HeardSound(audio: audio, segment: segment)
    }

    /// The level of the last `hearing.gate_ms` before the sample `end`; gaps do not count.
    private func newest(endingAt end: Int64, of ring: SampleRing) -> Double {
        let wanted = Int64(ring.sampleRate) * Int64(hearing.gateMilliseconds) / 1000
        let (energy, result) = ring.energy(in: max(ring.start, end - min(end, wanted))..<end)
        return AudioLevel.decibels(energy: energy, count: (result.range.count - Int(ring.missing(in: result.range))) * ring.channels)
    }

    private func segment(endingAt end: Int64, at time: MonoTime, of stream: SoundStream, isSounding: Bool) throws(HearingError) -> AudioSegment {
        let (ring, rate) = (stream.ring, stream.ring.sampleRate)
        if generation != stream.generation { segments = FrameSegments() }
        generation = stream.generation
        let written = ring.written
        let range = segments.lacking(for: end, of: min(ring.oldest, written)..<written, rate: rate)
        let pair = Resampler.pair(of: ring.channels)
        if samples.count != ring.channels * FrameSegments.block { samples = [Float](repeating: 0, count: ring.channels * FrameSegments.block) }
        var block: [Float] = []
        swap(&block, &samples)
        defer { swap(&block, &samples) }
        var first = range.lowerBound
        while first < range.upperBound {
            let count = Int(min(Int64(FrameSegments.block), range.upperBound - first))
            // What is lost while it is read is zeros, as gaps are.
            var destination = block.mutableSpan
            _ = ring.read(first..<(first + Int64(count)), into: &destination)
            let (left, right) = (pair.left * count, pair.right * count)
            let span = block.span
            try segments.append(span.extracting(left..<(left + count)), span.extracting(right..<(right + count)), at: first, rate: rate)
            first += Int64(count)
        }
        return segments.segment(endingAt: end, at: time, rate: rate, isSounding: isSounding)
    }
}
