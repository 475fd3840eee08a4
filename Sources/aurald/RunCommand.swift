import ArgumentParser
import AuralService
import Foundation
import Logging

/// `aurald run`: the daemon.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon: segment what the camera sees, or a clip, and serve clients on the socket.",
        discussion: """
            Without a configuration that is the first camera and the first microphone. They may be missing, and come and go. SIGHUP reads the \
            configuration again, SIGTERM ends the daemon. As a service it is started by systemd: systemctl enable --now aurald.

            Examples:
              aurald run --config /etc/aurald/aurald.toml
              aurald run -o model.path=models/tiny-512 -o socket.path=/tmp/aurald.sock
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(
        help:
            "Least important messages to log: trace, debug, info, notice, warning, error, critical. Short for -o log.level=LEVEL; by default what the configuration says."
    )
    var logLevel: Logger.Level?

    func run() async throws {
        var loader = options.loader
        if let logLevel { loader.overrides.append("log.level=\(logLevel.rawValue)") }
        let loaded = try loader.load()
        let environment = ProcessInfo.processInfo.environment
        let format = LogFormat(rawValue: loaded.configuration.log.format.rawValue) ?? .auto
        let log = LogOutput(settings: LogSettings(level: loaded.configuration.log.level), format: format.resolved(environment: environment))
        LoggingSystem.bootstrap { JournalLogHandler(label: $0, output: log) }
        let logger = Logger(label: "aurald")
        for warning in loaded.warnings { logger.warning("\(warning)") }
        try await Daemon(loaded, loader: loader, version: Version.text, log: log, logger: logger, environment: environment).run()
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
