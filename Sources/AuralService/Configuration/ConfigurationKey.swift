/// One key of the configuration: its place, what it takes, its text, how it is read and set, and what a change of it needs. The one
/// table behind the reader, the documentation, the dump, the schema and the reload.
package struct ConfigurationKey: Sendable {
    /// What a change of a key needs.
    package enum Reload: String, Sendable {
        /// Takes effect on a reload (SIGHUP).
        case live
        /// Takes effect when the daemon starts again.
        case restart
    }

    /// The table, like `socket`.
    package let section: String
    /// The key in it, like `max_clients`.
    package let name: String
    /// What it takes.
    package let kind: Kind
    /// What a change of it needs.
    package let reload: Reload
    /// One or two sentences for a person.
    package let documentation: String

    /// Reads it; nil where it is optional and not set.
    let value: @Sendable (Configuration) -> Value?
    /// Sets it; a value that is not of the key's kind changes nothing.
    let set: @Sendable (inout Configuration, Value) -> Void
    /// Takes it over from another configuration, also that it is not set.
    let copy: @Sendable (Configuration, inout Configuration) -> Void

    /// The key's path, like `socket.max_clients`.
    package var path: String { "\(section).\(name)" }

    /// The variable of the environment that sets it, like `AURALD_SOCKET_MAX_CLIENTS`.
    package var variable: String { "AURALD_\(section)_\(name)".uppercased() }

    /// Its value as TOML; nil where it is optional and not set.
    package func text(in configuration: Configuration) -> String? { value(configuration)?.toml }

    /// The default as TOML; nil where the key is optional.
    package var defaultText: String? { text(in: Configuration()) }
}

extension ConfigurationKey: Equatable {
    /// A path is in the table once.
    package static func == (first: ConfigurationKey, second: ConfigurationKey) -> Bool { first.path == second.path }
}
