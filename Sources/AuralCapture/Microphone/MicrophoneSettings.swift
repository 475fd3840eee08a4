import AuralCore

/// What is wanted of a microphone.
package struct MicrophoneSettings: Sendable, Equatable {
    /// The device, by any name that the locator knows.
    package var device: String
    /// Samples a second.
    package var rate: Int
    /// Channels; 0 for what the device has, at most 2.
    package var channels: Int
    /// How samples are to be written; nil for the first of `SampleFormat` that the device has.
    package var format: SampleFormat?
    /// Milliseconds between two wake-ups.
    package var periodMilliseconds: Int
    /// Milliseconds that the kernel keeps for us.
    package var bufferMilliseconds: Int
    /// Seconds that the ring keeps for its readers, at least.
    package var ringSeconds: Int
    /// Without a sample for this long the device counts as stalled and is opened again, in nanoseconds. Ten periods are the least.
    package var stallNanoseconds: Int64

    /// Settings for a device; by default 48 kHz, read every 20 ms.
    package init(
        device: String, rate: Int = 48_000, channels: Int = 0, format: SampleFormat? = nil, periodMilliseconds: Int = 20,
        bufferMilliseconds: Int = 200, ringSeconds: Int = 10, stallNanoseconds: Int64 = 2_000_000_000
    ) {
        self.device = device
        self.rate = rate
        self.channels = channels
        self.format = format
        self.periodMilliseconds = periodMilliseconds
        self.bufferMilliseconds = bufferMilliseconds
        self.ringSeconds = ringSeconds
        self.stallNanoseconds = stallNanoseconds
    }

    /// `stallNanoseconds`, or ten periods where that is more.
    package var patienceNanoseconds: Int64 {
        max(stallNanoseconds, Int64(max(0, min(periodMilliseconds, 10_000))) * 10_000_000)
    }

    /// The same for alsa-lib.
    var request: PCMRequest {
        PCMRequest(
            sampleRate: rate, channels: channels, format: format, periodMicroseconds: max(1, min(periodMilliseconds, 10_000)) * 1000,
            bufferMicroseconds: max(1, min(bufferMilliseconds, 60_000)) * 1000)
    }
}
