import Logging

/// The daemon's log handler: lines to standard error that journald, people or programs read (`LogFormat`).
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let output: LogOutput
    private var ownLevel: Logger.Level?

    /// A handler for the logger of this label.
    package init(label: String, output: LogOutput, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.output = output
        self.metadataProvider = metadataProvider
    }

    /// The shared settings' level, which a reload may change, until a logger is given one of its own.
    package var logLevel: Logger.Level {
        get { ownLevel ?? output.settings.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadataProvider?.get() ?? [:]
        // The more particular wins: the message's own over the logger's, over what the surroundings provide.
        merged.merge(metadata) { $1 }
        if let error = event.error { merged["error"] = "\(error)" }
        if let own = event.metadata { merged.merge(own) { $1 } }
        output.write(LogLine(level: event.level, label: label, message: event.message.description, metadata: merged))
    }
}
