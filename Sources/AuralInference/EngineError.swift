import AuralCore

/// Why an engine could not load or run a stage.
package struct EngineError: ReportableError, Equatable {
    /// One line: what happened, to which stage, and what to do.
    package let description: String
    /// The exit code of a command that met it.
    package let exitStatus: ExitStatus

    /// Makes an error with a message for people.
    package init(_ description: String, exitStatus: ExitStatus = .unavailable) {
        self.description = description
        self.exitStatus = exitStatus
    }
}
