import Logging
import Synchronization

/// What of the log may change while the daemon runs; shared by all its loggers.
package final class LogSettings: Sendable {
    private let stored: Atomic<Int>

    /// Begins with a level.
    package init(level: Logger.Level = .info) {
        stored = Atomic(level.rank)
    }

    /// The least important level that is written.
    package var level: Logger.Level {
        get { Logger.Level(rank: stored.load(ordering: .relaxed)) }
        set { stored.store(newValue.rank, ordering: .relaxed) }
    }
}

extension Logger.Level {
    /// Its place in the order of importance, from 0.
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    fileprivate init(rank: Int) {
        self = Self.allCases.indices.contains(rank) ? Self.allCases[rank] : .info
    }

    /// The priority of syslog(3), which journald reads from the beginning of a line (sd-daemon(3)).
    var priority: Int {
        switch self {
        case .trace, .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        case .critical: 2
        }
    }
}
