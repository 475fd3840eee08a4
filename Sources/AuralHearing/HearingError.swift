import AuralCore

/// Why sound cannot be made into what the networks take.
package struct HearingError: ReportableError, Equatable {
    /// What kind of failure it is.
    package enum Code: Sendable, Equatable {
        /// There is less sound than one row needs.
        case tooShort
        /// Samples come at a rate that cannot be resampled.
        case unsupportedRate
        /// There is no channel, or channels have different lengths.
        case badChannels
        /// libsoxr reports an error.
        case resampler
    }

    /// The kind of failure.
    package let code: Code
    /// One line: what happened, and what to do.
    package let description: String

    package var exitStatus: ExitStatus { code == .resampler ? .software : .dataError }

    /// Makes an error with a message for people.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
