import AuralCore
import Synchronization

/// A stage's own report that it moves, read by `WatchdogService`. Cheap enough for every frame and every period of sound: one clock reading
/// and one atomic store, no allocation, no lock. Not called Progress, which Foundation has already.
package final class StageProgress: Sendable {
    /// Times that no clock shows, for what is no time.
    private static let waitingMark = Int64.min
    private static let disabledMark = Int64.min + 1

    /// The stage's name, as the log shows it: camera, microphone, inference, socket.
    package let stage: String
    private let clock: any TimeSource
    private let mark: Atomic<Int64>
    private let silence: Atomic<Int64>
    private let latest = Mutex<(@Sendable () -> MonoTime)?>(nil)
    private let reason = Mutex("")

    /// A stage that works from now on.
    ///
    /// - Parameter maximumSilence: nanoseconds; several times what a piece of work takes at worst, since the price of lateness is a restart.
    package init(stage: String, maximumSilence: Int64, clock: any TimeSource = SystemTimeSource()) {
        self.stage = stage
        silence = Atomic(maximumSilence)
        self.clock = clock
        mark = Atomic(clock.now().nanoseconds)
    }

    /// Nanoseconds that the stage may be silent while it works.
    package var maximumSilence: Int64 { silence.load(ordering: .relaxed) }

    /// From now on the stage may be silent for so many nanoseconds.
    package func allow(silence nanoseconds: Int64) { silence.store(nanoseconds, ordering: .relaxed) }

    /// From now on the stage also moves whenever `latest` does, which is asked when somebody looks: for threads that count what they do anyway.
    /// It does not end waiting.
    package func follow(_ latest: @escaping @Sendable () -> MonoTime) { self.latest.withLock { $0 = latest } }

    /// A piece of work is done; ends waiting.
    package func moved() {
        mark.store(clock.now().nanoseconds, ordering: .relaxed)
    }

    /// There is nothing to do, for this reason, until `moved` is called. May be called again and again.
    package func waits(_ reason: String) {
        self.reason.withLock { $0 = reason }
        mark.store(Self.waitingMark, ordering: .releasing)
    }

    /// The stage is switched off, until `moved` or `waits` is called.
    package func disabled() {
        mark.store(Self.disabledMark, ordering: .relaxed)
    }

    /// What the stage is doing now.
    package var activity: StageActivity {
        switch mark.load(ordering: .acquiring) {
        case Self.waitingMark: .waiting(reason.withLock { $0 })
        case Self.disabledMark: .disabled
        case let nanoseconds:
            .working(since: max(MonoTime(nanoseconds: nanoseconds), latest.withLock { $0 }?() ?? MonoTime(nanoseconds: nanoseconds)))
        }
    }
}
