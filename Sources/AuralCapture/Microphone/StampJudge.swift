import AuralCore

/// Decides whether a PCM's time stamps are worth using. Hardware stamps each position on the monotonic clock; plugins and sound servers often
/// give 0, the same one for ever, or the time of another clock.
struct StampJudge {
    /// That many bad stamps in a row, and the rest is not asked any more: a clock must not change horses with every period.
    static let patience = 3
    /// How far ahead of now a stamp may be, in nanoseconds.
    static let tolerance: Int64 = 5_000_000

    private let oldest: Int64
    private var bad = 0
    private var last: Int64 = 0

    /// For a device that keeps so many samples.
    init(buffer: Int, sampleRate: Int) {
        // A position may be as old as all that waits to be read, and a second more where a device was asleep.
        oldest = 1_000_000_000 + Int64(Double(max(0, buffer)) / Double(max(1, sampleRate)) * 1e9)
    }

    /// Whether the last time was the device's own.
    private(set) var source = TimestampSource.device

    /// When a position was true: its stamp, or now.
    mutating func time(of position: PCMPosition, now: MonoTime) -> MonoTime {
        guard bad < Self.patience else { return now }
        let stamp = MonoTime(nanoseconds: position.stampNanoseconds)
        let age = now.nanoseconds(since: stamp)
        if position.stampNanoseconds > 0, stamp.nanoseconds > last, age >= -Self.tolerance, age <= oldest {
            bad = 0
            last = stamp.nanoseconds
            source = .device
            return stamp
        }
        bad += 1
        source = .arrival
        return now
    }
}
