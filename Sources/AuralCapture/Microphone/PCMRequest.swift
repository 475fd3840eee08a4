/// What is asked of a sound card.
package struct PCMRequest: Sendable, Equatable {
    /// Samples a second.
    package var sampleRate: Int
    /// Channels; 0 for what the device has, at most 2.
    package var channels: Int
    /// The format; nil for the first of `SampleFormat` that the device has.
    package var format: SampleFormat?
    /// Samples between two wake-ups, in microseconds.
    package var periodMicroseconds: Int
    /// What is kept until it is read, in microseconds.
    package var bufferMicroseconds: Int

    /// A request with all its fields.
    package init(sampleRate: Int, channels: Int, format: SampleFormat? = nil, periodMicroseconds: Int, bufferMicroseconds: Int) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.format = format
        self.periodMicroseconds = periodMicroseconds
        self.bufferMicroseconds = bufferMicroseconds
    }
}
