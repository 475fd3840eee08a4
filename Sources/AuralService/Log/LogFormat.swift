/// How log lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    /// `journal` where journald reads standard error, else `text`.
    case auto
    /// Local time, level, logger, message, metadata.
    case text
    /// For journald, which knows the time itself: the priority in front, as sd-daemon(3) describes.
    case journal
    /// One JSON object a line.
    case json

    /// `auto` decided: see `JournalStream`.
    package func resolved(environment: [String: String], descriptor: Int32 = 2) -> LogFormat {
        guard self == .auto else { return self }
        return JournalStream(environment: environment)?.isOpen(as: descriptor) == true ? .journal : .text
    }
}
