import AuralCore

/// What a daemon can tell its service manager: the assignments of sd_notify(3).
package enum NotifyState: Sendable, Equatable {
    /// The start, or a reload, is done (`READY=1`).
    case ready
    /// A reload begins; `ready` must follow (`RELOADING=1`). The time is when it began: without `MONOTONIC_USEC` managers that wait for
    /// reloads (`Type=notify-reload`) refuse the notification.
    case reloading(MonoTime)
    /// The daemon is ending (`STOPPING=1`).
    case stopping
    /// One line for `systemctl status` (`STATUS=`).
    case status(String)
    /// A sign of life (`WATCHDOG=1`).
    case watchdog
    /// Start, reload or end take longer: this many microseconds more from now (`EXTEND_TIMEOUT_USEC=`).
    case extendTimeout(microseconds: UInt64)
    /// Why the daemon ends, as an errno (`ERRNO=`).
    case failure(errno: Int32)

    /// The manager reads at most 4096 bytes of a notification (`PIPE_BUF`) and drops longer ones; that leaves room for other assignments.
    static let maximumStatusBytes = 2048

    /// The assignments, one a line, without a line feed at the end.
    var text: String {
        switch self {
        case .ready: "READY=1"
        case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time.nanoseconds / 1000)"
        case .stopping: "STOPPING=1"
        case .status(let text): "STATUS=\(Self.line(text))"
        case .watchdog: "WATCHDOG=1"
        case .extendTimeout(let microseconds): "EXTEND_TIMEOUT_USEC=\(microseconds)"
        case .failure(let errno): "ERRNO=\(errno)"
        }
    }

    /// The text without what could end the line: a file name with a line feed in it must not become a second assignment.
    private static func line(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= maximumStatusBytes else { break }
            result.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(result)
    }
}
