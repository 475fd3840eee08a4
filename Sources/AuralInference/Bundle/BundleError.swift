import AuralCore

/// Why a model bundle could not be written or read: names the file, the key in it, and what to do.
package struct BundleError: ReportableError, Equatable {
    /// One line: what happened, where, and what to do.
    package let description: String
    /// The exit code of a command that met it.
    package let exitStatus: ExitStatus

    /// Makes an error with a message for people.
    package init(_ description: String, exitStatus: ExitStatus = .dataError) {
        self.description = description
        self.exitStatus = exitStatus
    }
}
