import AuralCore
import Glibc
import Synchronization

/// Waits on the kernel's CLOCK_MONOTONIC.
package final class SystemPacer: Pacer {
    private let isInterrupted = Atomic<Bool>(false)

    /// The longest that `interrupt` may go unnoticed, in nanoseconds.
    private static let slice: Int64 = 50_000_000

    /// Makes a pacer for one replay.
    package init() {}

    package func now() -> MonoTime { SystemTimeSource().now() }

    package func wait(until time: MonoTime) {
        while !isInterrupted.load(ordering: .acquiring) {
            let now = now()
            guard now < time else { return }
            let wake = min(time, now.advanced(byNanoseconds: Self.slice))
            var request = timespec(
                tv_sec: Int(wake.nanoseconds / 1_000_000_000), tv_nsec: Int(wake.nanoseconds % 1_000_000_000))
            // An absolute time: a signal that wakes the thread early does not move the next frame.
            clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &request, nil)
        }
    }

    package func interrupt() {
        isInterrupted.store(true, ordering: .releasing)
    }
}
