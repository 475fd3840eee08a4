import Logging

extension Configuration {
    /// What is told about the daemon's doings.
    package struct Log: Sendable, Equatable {
        /// How the lines look.
        package enum Format: String, Sendable, CaseIterable {
            /// As journald wants them where it reads them, else for people.
            case auto
            /// For people.
            case text
            /// With the priority in front that journald reads (sd-daemon(3)).
            case journal
            /// One JSON object a line.
            case json
        }

        /// The least important messages that are shown.
        package var level = Logger.Level.info
        /// How the lines look.
        package var format = Format.auto
    }

    /// Numbers for monitoring.
    package struct Metrics: Sendable, Equatable {
        /// The Unix socket where they are served; nil for none.
        package var path: String?
    }
}
