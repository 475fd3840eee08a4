import AuralCore

/// Why the page cannot be served.
package struct PreviewError: ReportableError, Sendable, Equatable {
    package let description: String
    package var exitStatus: ExitStatus { .unavailable }

    init(_ description: String) { self.description = description }
}
