import AuralCore

/// A benchmark could not be run to its end.
package struct BenchmarkError: ReportableError, Equatable {
    /// One line for a person.
    package let description: String

    /// Makes an error with its one-line message.
    package init(_ description: String) {
        self.description = description
    }

    package var exitStatus: ExitStatus { .software }
}
