/// Reads the configuration from all its layers, from the weakest to the strongest: defaults, the file, `conf.d/*.toml` beside it, the
/// environment, `-o`. All or nothing: a fault in one of them is the end. The daemon keeps it, and loads again on SIGHUP.
package struct ConfigurationLoader: Sendable {
    /// The file that is read where none is named; it need not be there.
    package static let defaultFile = "/etc/aurald/aurald.toml"

    /// The file, which must be there; nil is `defaultFile`, if it is there.
    package var file: String?
    /// The environment's variables.
    package var environment: [String: String]
    /// What `-o` said, in its order; a later one wins.
    package var overrides: [String]

    /// A loader of a file, an environment and options.
    package init(file: String? = nil, environment: [String: String] = [:], overrides: [String] = []) {
        self.file = file
        self.environment = environment
        self.overrides = overrides
    }

    /// Reads the files and loads. Throws the first fault.
    package func load() throws(ConfigurationError) -> LoadedConfiguration {
        let main = file ?? Self.defaultFile
        let paths = (file == nil && !ConfigurationFile.exists(main) ? [] : [main]) + (try ConfigurationFile.additions(beside: main))
        var files: [ConfigurationFile] = []
        for path in paths { files.append(try ConfigurationFile(reading: path)) }
        return try Self.load(files, environment: environment, overrides: overrides)
    }

    /// The same from texts: nothing but its arguments counts.
    static func load(
        _ files: [ConfigurationFile], environment: [String: String] = [:], overrides: [String] = []
    ) throws(ConfigurationError) -> LoadedConfiguration {
        var loaded = LoadedConfiguration()
        for file in files { try loaded.apply(file) }
        try loaded.apply(environment: environment)
        for override in overrides { try loaded.apply(override: override) }
        try loaded.validate()
        return loaded
    }
}
