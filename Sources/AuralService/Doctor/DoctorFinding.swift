/// What `aurald doctor` found out about one thing.
package struct DoctorFinding: Sendable, Equatable, Encodable {
    /// How it is.
    package enum Verdict: String, Sendable, Equatable, Encodable {
        /// As it should be.
        case ok
        /// It works, but should be looked at.
        case warning
        /// The daemon will not work, or not wholly.
        case failed
    }

    /// What was looked at, like `camera`.
    package let check: String
    /// How it is.
    package let verdict: Verdict
    /// What was found: one line.
    package let message: String
    /// What to do: one line; nil where nothing is to do.
    package let advice: String?

    /// All is well.
    static func ok(_ check: String, _ message: String) -> DoctorFinding {
        DoctorFinding(check: check, verdict: .ok, message: message, advice: nil)
    }

    /// Something to look at.
    static func warning(_ check: String, _ message: String, _ advice: String) -> DoctorFinding {
        DoctorFinding(check: check, verdict: .warning, message: message, advice: advice)
    }

    /// Something that does not work.
    static func failed(_ check: String, _ message: String, _ advice: String) -> DoctorFinding {
        DoctorFinding(check: check, verdict: .failed, message: message, advice: advice)
    }
}
