import AuralCore

/// Says whether anything is heard: opens at once when it is loud enough, and closes when it has been quiet for a while.
package struct SilenceGate: Sendable, Equatable {
    /// When it opens and closes.
    package struct Settings: Sendable, Equatable {
        /// Opens at this level or above, in dBFS.
        package var open: Double
        /// Below this level it is quiet, in dBFS; taken as `open` where it is above it.
        package var close: Double
        /// How long it must be quiet until it closes, in nanoseconds.
        package var holdNanoseconds: Int64

        /// Levels in dBFS, time in nanoseconds.
        package init(open: Double, close: Double, holdNanoseconds: Int64) {
            self.open = open
            self.close = close
            self.holdNanoseconds = holdNanoseconds
        }
    }

    /// May be changed at any time; holds from the next level on.
    package var settings: Settings
    /// Something is heard.
    package private(set) var isOpen = false
    /// Since when it has been quiet, while it is open.
    private var quietSince: MonoTime?

    /// A closed gate.
    package init(_ settings: Settings) { self.settings = settings }

    /// Tells the level at a time, in dBFS; what is not a number is silence. Returns whether the gate is open then. A time before that of the
    /// last call begins the hold anew.
    @discardableResult
    package mutating func hear(_ level: Double, at time: MonoTime) -> Bool {
        let level = level.isNaN ? -.infinity : level
        if level >= settings.open {
            isOpen = true
            quietSince = nil
        } else if isOpen {
            guard level < min(settings.close, settings.open) else {
                quietSince = nil
                return true
            }
            let since = min(quietSince ?? time, time)
            quietSince = since
            if time.nanoseconds(since: since) >= settings.holdNanoseconds {
                isOpen = false
                quietSince = nil
            }
        }
        return isOpen
    }
}
