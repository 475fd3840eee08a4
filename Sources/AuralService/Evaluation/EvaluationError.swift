import AuralCore

/// Why a data set cannot be evaluated, or a clip not be segmented: the file, the row of the table that names it, and what to do.
package struct EvaluationError: ReportableError, Equatable {
    package let description: String
    package let exitStatus: ExitStatus

    /// Makes an error with a message for people.
    package init(_ description: String, exitStatus: ExitStatus) {
        self.description = description
        self.exitStatus = exitStatus
    }

    /// A file or folder that should be there is not.
    static func missing(_ path: String, _ advice: String) -> EvaluationError {
        EvaluationError("\(path): not there; \(advice)", exitStatus: .noInput)
    }

    /// The same error, said of a row of a data set's table.
    func of(_ place: String) -> EvaluationError {
        EvaluationError("\(place): \(description)", exitStatus: exitStatus)
    }

    /// Any error that came up with a row of a data set's table.
    static func wrap(_ error: any Error, of place: String) -> EvaluationError {
        let status = (error as? any ReportableError)?.exitStatus ?? .software
        return EvaluationError("\(place): \((error as? any ReportableError)?.description ?? "\(error)")", exitStatus: status)
    }
}
