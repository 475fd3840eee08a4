import AuralCore

/// A configuration that is not right. The command line ends with it.
package struct ConfigurationError: ReportableError, Sendable, Equatable {
    /// The file that was read; or `environment` and a variable's name, or `-o` and what was given.
    package let file: String
    /// The key's path, like `socket.max_clients`; empty where the fault is not one key's.
    package let key: String
    /// The line, where it is known, from 1.
    package let line: Int?
    /// What is wrong and what would be right.
    package let message: String
    /// `noInput` or `noPermission` where the file cannot be read, `usage` for a `-o` that has no key, `configuration` for everything else.
    package let exitStatus: ExitStatus

    init(file: String, key: String = "", line: Int? = nil, message: String, exitStatus: ExitStatus = .configuration) {
        self.file = file
        self.key = key
        self.line = line
        self.message = message
        self.exitStatus = exitStatus
    }

    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return key.isEmpty ? "\(place): \(message)" : "\(place): \(key): \(message)"
    }
}
