import AuralCore
import Logging

/// Decides which messages are too many: the same one more than 5 times in 10 seconds. A camera that fails thirty times a second must not
/// fill the disk, and what fails beside it must stay visible.
package struct RepeatLimiter: Sendable {
    /// What makes two messages the same. The metadata does not: it is what differs each time.
    package struct Key: Sendable, Hashable {
        /// The level.
        package let level: Logger.Level
        /// The message's first 512 bytes.
        package let message: String
        /// The logger's label.
        package let label: String

        /// A key; keeps no more of a long message than it needs.
        package init(level: Logger.Level, message: String, label: String) {
            self.level = level
            // A long text would otherwise be kept as long as its key.
            self.message = message.utf8.count <= 512 ? message : String(decoding: message.utf8.prefix(512), as: UTF8.self)
            self.label = label
        }
    }

    /// Messages that were not written, to be told in one line.
    package struct Summary: Sendable, Equatable {
        /// Which message.
        package let key: Key
        /// How many.
        package let suppressed: Int

        /// A summary with its fields.
        package init(key: Key, suppressed: Int) {
            self.key = key
            self.suppressed = suppressed
        }
    }

    private struct Window {
        let start: MonoTime
        var count = 1
        var suppressed = 0
        var lastUse: UInt64
    }

    /// The same message is written this often in a window.
    package static let limit = 5
    /// A window's length in nanoseconds; it begins with the first message.
    package static let window: Int64 = 10_000_000_000
    /// The most messages that are told apart; of more, those that have not come for longest are forgotten.
    package static let maximumKeys = 256

    private var windows: [Key: Window] = [:]
    private var uses: UInt64 = 0

    /// A limiter that has seen nothing.
    package init() {}

    /// Takes note of a message. Says whether to write it, and which summaries to write before it.
    package mutating func admit(_ key: Key, at time: MonoTime) -> (isAdmitted: Bool, summaries: [Summary]) {
        var summaries = expire(at: time)
        uses &+= 1
        if var window = windows[key] {
            window.lastUse = uses
            window.count += 1
            let isAdmitted = window.count <= Self.limit
            if !isAdmitted { window.suppressed += 1 }
            windows[key] = window
            return (isAdmitted, summaries)
        }
        if windows.count >= Self.maximumKeys, let oldest = windows.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            windows[oldest.key] = nil
            summaries += Self.summary(oldest)
        }
        windows[key] = Window(start: time, lastUse: uses)
        return (true, summaries)
    }

    /// Ends the windows that are over. Returns what was not written in them, those that came longest ago first.
    package mutating func expire(at time: MonoTime) -> [Summary] {
        forget { time.nanoseconds(since: $0.start) >= Self.window }
    }

    /// Ends all windows, as at the end of the program.
    package mutating func drain() -> [Summary] {
        forget { _ in true }
    }

    private mutating func forget(_ isOver: (Window) -> Bool) -> [Summary] {
        let over = windows.filter { isOver($0.value) }
        guard !over.isEmpty else { return [] }
        for key in over.keys { windows[key] = nil }
        return over.sorted { $0.value.lastUse < $1.value.lastUse }.flatMap(Self.summary)
    }

    private static func summary(_ entry: (key: Key, value: Window)) -> [Summary] {
        entry.value.suppressed > 0 ? [Summary(key: entry.key, suppressed: entry.value.suppressed)] : []
    }
}
