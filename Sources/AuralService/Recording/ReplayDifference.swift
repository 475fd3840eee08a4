import AuralCore

/// A replay did not find what was expected.
package struct ReplayDifference: ReportableError {
    package let description: String
    package let exitStatus = ExitStatus.dataError

    /// Says which frames differ.
    package init(description: String) { self.description = description }
}
