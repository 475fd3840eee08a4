import AuralCore

/// Why a graph could not be built or written.
package struct GraphError: ReportableError, Equatable {
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
