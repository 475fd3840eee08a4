import ArgumentParser
import AuralService
import Logging

/// `aurald run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon: segment the configured source and serve clients on the socket.",
        discussion: "Example: aurald run --config /etc/aurald/aurald.toml")

    @Option(help: ArgumentHelp("The configuration; configs/aurald.toml shows every key at its default.", valueName: "file"))
    var config = "/etc/aurald/aurald.toml"

    @Option(help: "Least important messages to log: trace, debug, info, notice, warning, error.")
    var logLevel = Logger.Level.info

    func run() async throws {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "aurald")
        logger.logLevel = logLevel
        let configuration = try Configuration(file: config)
        try await Daemon(configuration, version: Version.text, logger: logger).run()
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
