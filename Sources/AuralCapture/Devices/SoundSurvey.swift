/// What an ALSA capture device can do, by itself and without conversions.
package struct SoundSurvey: Sendable, Equatable {
    /// Sample formats, as ALSA names them: `S16_LE` …
    package var formats: [String]
    /// Samples per second: the lowest and the highest.
    package var rates: ClosedRange<Int>
    /// The usual rates among them.
    package var usualRates: [Int]
    /// Channels: the fewest and the most.
    package var channels: ClosedRange<Int>

    /// A survey with all its fields.
    package init(formats: [String], rates: ClosedRange<Int>, usualRates: [Int], channels: ClosedRange<Int>) {
        self.formats = formats
        self.rates = rates
        self.usualRates = usualRates
        self.channels = channels
    }
}

/// The border to ALSA's questions.
package protocol SoundProbe: Sendable {
    /// Opens a capture device for a moment, without waiting for it. Throws `absent`, `busy`, `denied`, or `failed` with the call.
    func survey(card: Int, device: Int) throws(DeviceError) -> SoundSurvey

    /// Opens any PCM by its name for a moment. Throws like `survey`.
    func open(pcm: String) throws(DeviceError)

    /// The card's name; nil where its control device must not be opened.
    func name(ofCard card: Int) -> String?
}
