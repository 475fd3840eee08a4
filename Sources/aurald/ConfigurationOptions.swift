import ArgumentParser
import AuralService
import Foundation

/// The options of every command that reads the configuration.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The configuration; by default \(ConfigurationLoader.defaultFile), if it is there. Files of conf.d beside it are read after it.",
            valueName: "file"), completion: .file())
    var config: String?

    @Option(
        name: .customShort("o"),
        help: ArgumentHelp(
            "Set a key, stronger than files and environment, like -o log.level=debug. May be given again.", valueName: "section.key=value"))
    var overrides: [String] = []

    /// What reads it: from the file, conf.d, this process's environment and `-o`.
    var loader: ConfigurationLoader {
        ConfigurationLoader(file: config, environment: ProcessInfo.processInfo.environment, overrides: overrides)
    }
}
