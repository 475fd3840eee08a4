extension Configuration {
    /// Which sound device is opened, and what is asked of it.
    package struct Microphone: Sendable, Equatable {
        /// "auto", "none", `card:NAME`, `usb:VID:PID[:SERIAL]` or an ALSA PCM's name; any text but the empty one here.
        package var device = "auto"
        /// Wanted samples per second.
        package var rate = 48_000
        /// Wanted channels; 0 is what the device has, at most 2.
        package var channels = 0
        /// Milliseconds between two wake-ups.
        package var periodMilliseconds = 20
        /// Milliseconds that the kernel keeps for us.
        package var bufferMilliseconds = 200
        /// How many milliseconds later sound arrives than the picture of the same moment; negative where it is earlier.
        package var offsetMilliseconds = 0.0
        /// Seconds without a sample after which the device is opened again.
        package var stallSeconds = 2.0
    }
}
