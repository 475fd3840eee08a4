/// Sound that is read by position.
package protocol SampleReader: AnyObject {
    /// Samples a second, of each channel.
    var sampleRate: Int { get }
    /// At least 1.
    var channelCount: Int { get }
    /// Samples of each channel.
    var sampleCount: Int { get }

    /// Reads samples of all channels, full scale being ±1, from sample `start` on: `channels[c]` is filled from its beginning, and all must have
    /// the same length. Returns how many samples of each channel there were, fewer than asked only at the end.
    func read(from start: Int, into channels: [UnsafeMutableBufferPointer<Float>]) throws(CaptureError) -> Int
}

extension WAVReader: SampleReader {}
