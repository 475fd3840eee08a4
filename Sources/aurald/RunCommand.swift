import ArgumentParser
import AuralService
import Logging

/// `aurald run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon: segment the configured source and serve clients on the socket.",
        discussion: "Example: aurald run --config /etc/aurald/aurald.toml")

    @OptionGroup var options: ConfigurationOptions

    @Option(help: "Least important messages to log: trace, debug, info, notice, warning, error, critical. Short for -o log.level=LEVEL.")
    var logLevel: Logger.Level?

    func run() async throws {
        var loader = options.loader
        if let logLevel { loader.overrides.append("log.level=\(logLevel.rawValue)") }
        let loaded = try loader.load()
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "aurald")
        logger.logLevel = loaded.configuration.log.level
        for warning in loaded.warnings { logger.warning("\(warning)") }
        try await Daemon(loaded.configuration, version: Version.text, logger: logger).run()
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
