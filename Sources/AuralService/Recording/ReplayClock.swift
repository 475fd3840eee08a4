import AuralCore
import Synchronization

/// The clock of a recording: a frame comes at the time that it has, and from then on time passes as it really does. So latencies are those of the
/// replay, and everything that goes by frames' times is as it was.
package final class ReplayClock: TimeSource {
    private let state: Mutex<(shown: MonoTime, really: MonoTime)>
    private let clock = SystemTimeSource()

    /// A clock that begins at 0.
    package init() { state = Mutex((MonoTime(nanoseconds: 0), clock.now())) }

    /// A frame of this time comes now.
    func set(_ time: MonoTime) { state.withLock { $0 = (time, clock.now()) } }

    package func now() -> MonoTime {
        state.withLock { $0.shown.advanced(byNanoseconds: clock.now().nanoseconds(since: $0.really)) }
    }
}
