/// A configuration, and where each part of it comes from.
package struct LoadedConfiguration: Sendable, Equatable {
    /// Where a value comes from, from the weakest to the strongest.
    package enum Origin: Sendable, Equatable, CustomStringConvertible {
        /// Nobody set it.
        case `default`
        /// A file, and the line where that could be found.
        case file(path: String, line: Int?)
        /// A variable of the environment.
        case environment(name: String)
        /// `-o` on the command line.
        case option

        /// For a person: `default`, `/etc/aurald/aurald.toml:7`, `environment AURALD_LOG_LEVEL`, `-o`.
        package var description: String {
            switch self {
            case .default: "default"
            case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
            case .environment(let name): "environment \(name)"
            case .option: "-o"
            }
        }
    }

    /// What was set.
    package internal(set) var configuration = Configuration()
    /// Where each key of `ConfigurationKey.all`, by its path, and `prompt` come from.
    package internal(set) var origins: [String: Origin]
    /// The files that were read, in their order.
    package internal(set) var files: [String] = []

    /// The defaults.
    package init() {
        origins = Dictionary(uniqueKeysWithValues: (ConfigurationKey.all.map(\.path) + ["prompt"]).map { ($0, .default) })
    }

    /// Where a key comes from.
    func origin(of path: String) -> Origin { origins[path] ?? .default }

    /// Throws where keys that are right by themselves do not go together.
    func validate() throws(ConfigurationError) {
        guard configuration.metrics.path == configuration.socket.path else { return }
        let error = (key: "metrics.path", message: "must differ from socket.path")
        switch origin(of: error.key) {
        case .file(let path, let line): throw ConfigurationError(file: path, key: error.key, line: line, message: error.message)
        case let origin: throw ConfigurationError(file: origin.description, key: error.key, message: error.message)
        }
    }
}
