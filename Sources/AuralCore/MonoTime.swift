/// A point on the kernel's CLOCK_MONOTONIC, in nanoseconds.
///
/// The only time that is ever used in arithmetic. Wall time is a mapping that is sent now and then (see `hello` records)
/// and is never subtracted. Source: clock_gettime(2).
public struct MonoTime: Sendable, Hashable, Comparable {
    /// Nanoseconds since the clock's own, arbitrary, origin (usually boot).
    public var nanoseconds: Int64

    /// Wraps a reading of CLOCK_MONOTONIC in nanoseconds.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (left: MonoTime, right: MonoTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Nanoseconds from `earlier` to `self`; negative when `earlier` is the later one. Saturates instead of trapping.
    public func nanoseconds(since earlier: MonoTime) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
        if overflow {
            return nanoseconds > earlier.nanoseconds ? .max : .min
        }
        return difference
    }

    /// The time `nanoseconds` later (or earlier, when negative). Saturates instead of trapping.
    public func advanced(byNanoseconds delta: Int64) -> MonoTime {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(delta)
        return MonoTime(nanoseconds: overflow ? (delta > 0 ? .max : .min) : sum)
    }
}
