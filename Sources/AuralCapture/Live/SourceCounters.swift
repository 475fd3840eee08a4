import Synchronization

/// What a live source has counted since the start. Written on its thread, read anywhere.
package final class SourceCounters: Sendable {
    /// Frames passed on.
    package let frames = Atomic<UInt64>(0)
    /// Frames that the driver marked as corrupt (V4L2_BUF_FLAG_ERROR), or that could not be read.
    package let corrupt = Atomic<UInt64>(0)
    /// Frames that are missing in the driver's own count.
    package let lost = Atomic<UInt64>(0)
    /// First frames after opening, which are dropped: their time stamps cannot be trusted.
    package let first = Atomic<UInt64>(0)
    /// Samples a channel passed on.
    package let samples = Atomic<UInt64>(0)
    /// Samples a channel that are missing, by the clock.
    package let missingSamples = Atomic<UInt64>(0)
    /// Overruns.
    package let overruns = Atomic<UInt64>(0)
    /// How often the device was opened.
    package let openings = Atomic<UInt64>(0)
    /// When data came last: nanoseconds of the monotonic clock; 0 before the first.
    package let latest = Atomic<Int64>(0)

    /// All zero.
    package init() {}
}
