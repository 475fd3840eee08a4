/// What a sound card was set to.
package struct PCMConfiguration: Sendable, Equatable {
    /// Samples a second.
    package var sampleRate: Int
    /// Channels, 1 to 8.
    package var channels: Int
    /// How samples are written.
    package var format: SampleFormat
    /// Samples of each channel between two wake-ups.
    package var period: Int
    /// Samples of each channel that are kept until they are read.
    package var buffer: Int

    /// A configuration with all its fields.
    package init(sampleRate: Int, channels: Int, format: SampleFormat, period: Int, buffer: Int) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.format = format
        self.period = period
        self.buffer = buffer
    }
}
