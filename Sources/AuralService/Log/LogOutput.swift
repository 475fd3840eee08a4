import AuralCore
import Logging
import Synchronization

/// The one place through which all loggers write: limits repetitions, and keeps lines whole.
package final class LogOutput: Sendable {
    /// What may change while the daemon runs.
    package let settings: LogSettings
    /// How lines look; never `auto`.
    package let format: LogFormat
    private let sink: any LogSink
    private let clock: any TimeSource
    private let wallClock: @Sendable () -> WallTime
    private let limiter = Mutex(RepeatLimiter())

    /// An output.
    ///
    /// - Parameter format: as `LogFormat.resolved` returns it.
    package init(
        settings: LogSettings, format: LogFormat, sink: any LogSink = StandardErrorSink(), clock: any TimeSource = SystemTimeSource(),
        wallClock: @escaping @Sendable () -> WallTime = WallTime.now
    ) {
        self.settings = settings
        self.format = format
        self.sink = sink
        self.clock = clock
        self.wallClock = wallClock
    }

    /// Writes a line, unless it repeats itself too often.
    package func write(_ line: LogLine) {
        let key = RepeatLimiter.Key(level: line.level, message: line.message, label: line.label)
        let time = wallClock()
        let bytes = line.encoded(as: format, at: time)
        // Written within the lock: a summary must stand before the message that followed it.
        limiter.withLock { limiter in
            let (isAdmitted, summaries) = limiter.admit(key, at: clock.now())
            for summary in summaries { write(summary, time) }
            if isAdmitted { sink.write(bytes) }
        }
    }

    /// Writes how many lines were suppressed, for those whose time is over; at the `end` of the program, for all.
    package func flush(end: Bool = false) {
        limiter.withLock { limiter in
            for summary in end ? limiter.drain() : limiter.expire(at: clock.now()) { write(summary, wallClock()) }
        }
    }

    private func write(_ summary: RepeatLimiter.Summary, _ time: WallTime) {
        let key = summary.key
        let line = LogLine(level: key.level, label: key.label, message: key.message, metadata: ["suppressed": "\(summary.suppressed)"])
        sink.write(line.encoded(as: format, at: time))
    }
}
