import AuralCapture
import AuralCore
import AuralWire
import Synchronization

/// The level of what a microphone hears, for frames. Used on the inference thread.
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

    private let stream: @Sendable () -> SoundStream?
    private let offset: Offset
    private let clock: any TimeSource

    /// Listens to what `stream` gives; nil while there has been no microphone.
    init(offset: Offset, clock: any TimeSource = SystemTimeSource(), stream: @escaping @Sendable () -> SoundStream?) {
        self.stream = stream
        self.offset = offset
        self.clock = clock
    }

    func level(of frame: Frame) -> FrameRecord.Audio? {
        guard let stream = stream(), let window = stream.window(at: frame.time, offsetNanoseconds: offset.nanoseconds, now: clock.now()),
            // Sound that ends before the frame's second begins says nothing of it: the microphone is gone.
            !window.range.isEmpty, window.ahead < Int64(stream.ring.sampleRate)
        else { return nil }
        let milliseconds = { (samples: Int64) -> Double? in samples > 0 ? Double(samples) * 1000 / Double(stream.ring.sampleRate) : nil }
        return FrameRecord.Audio(
            rmsDBFS: window.level, lateMilliseconds: milliseconds(window.ahead), missingMilliseconds: milliseconds(window.missing))
    }
}
