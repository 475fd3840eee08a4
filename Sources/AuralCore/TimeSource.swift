import Glibc

/// Where a stage reads the time, so that tests can turn the hands themselves.
package protocol TimeSource: Sendable {
    /// The present reading of the monotonic clock.
    func now() -> MonoTime
}

/// The kernel's CLOCK_MONOTONIC.
package struct SystemTimeSource: TimeSource {
    /// Makes a reader of the system's monotonic clock.
    package init() {}

    package func now() -> MonoTime {
        var reading = timespec()
        clock_gettime(CLOCK_MONOTONIC, &reading)
        return MonoTime(nanoseconds: Int64(reading.tv_sec) &* 1_000_000_000 &+ Int64(reading.tv_nsec))
    }
}
