import AuralHearing

extension Configuration {
    /// When something counts as heard.
    package struct Hearing: Sendable, Equatable {
        /// Sound at this level or above is heard, in dBFS.
        package var openLevel = -50.0
        /// Sound below this level is silence, in dBFS.
        package var closeLevel = -56.0
        /// How many milliseconds of silence it takes until nothing is heard any more.
        package var holdMilliseconds = 400
        /// Of how many milliseconds the level is taken.
        package var gateMilliseconds = 200

        /// The defaults.
        package init() {}

        /// The same for the gate itself.
        var gate: SilenceGate.Settings {
            SilenceGate.Settings(open: openLevel, close: closeLevel, holdNanoseconds: Int64(holdMilliseconds) * 1_000_000)
        }
    }
}
