import AuralCore

/// What can be wrong with the daemon's socket, at either end.
public struct SocketError: ReportableError, Sendable, Equatable {
    /// The kind of mistake, for code that decides by it.
    public enum Code: Sendable, Hashable {
        /// The path cannot be a socket's: too long, its folder is missing, or something else is there.
        case invalidPath
        /// Another daemon listens there.
        case inUse
        /// The kernel refuses for lack of permission.
        case denied
        /// Nobody listens there.
        case unavailable
        /// What the service manager passed on is no socket that can be served (see `ListenDescriptors`).
        case activation
        /// The connection ended, or the other end does not speak the protocol.
        case connectionClosed
        /// The kernel reported something else.
        case system
    }

    /// The kind of mistake.
    public let code: Code
    /// One line for a person: the path, what is wrong and what to do.
    public let description: String

    /// Makes an error with its one-line message.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }

    public var exitStatus: ExitStatus {
        switch code {
        case .invalidPath, .activation: .configuration
        case .inUse: .temporaryFailure
        case .denied: .noPermission
        case .unavailable, .connectionClosed: .unavailable
        case .system: .inputOutput
        }
    }
}
