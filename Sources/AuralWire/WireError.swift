import AuralCore

/// What can be wrong with a mask, record or line that came from outside.
public struct WireError: ReportableError, Sendable, Equatable {
    /// The kind of mistake, for code that decides by it.
    public enum Code: Sendable, Hashable {
        /// A run-length mask whose string, runs or size are not consistent.
        case invalidMask
        /// A line that is not a record of this protocol.
        case invalidRecord
    }

    /// The kind of mistake.
    public let code: Code
    /// One line for a person: the field and what is wrong with it.
    public let description: String

    /// Makes an error with its one-line message.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    public var exitStatus: ExitStatus { .dataError }
}
