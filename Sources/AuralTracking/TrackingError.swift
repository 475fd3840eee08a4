import AuralCore

/// Why the tracker could not do what it was told.
package struct TrackingError: ReportableError, Equatable {
    /// What kind of failure it is; clients of the socket get it as an error code.
    package enum Code: Sendable, Equatable {
        /// The prompt itself is wrong.
        case badPrompt
        /// There is no object of that number.
        case noSuchObject
        /// No frame has been seen yet, or the frame that was meant is gone.
        case frameExpired
        /// As many objects as the options allow are tracked already.
        case tooManyObjects
    }

    /// The kind of failure.
    package let code: Code
    /// One line: what happened, where, and what to do.
    package let description: String

    package var exitStatus: ExitStatus { .dataError }

    /// Makes an error with a message for people.
    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
