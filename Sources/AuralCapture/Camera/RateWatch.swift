import AuralCore

/// Notices once for each opening that a camera delivers much fewer frames than it promised: in the dark most expose longer than their rate
/// allows, and no driver tells. Pure; frames that were lost on the way count as delivered, since they are counted elsewhere.
package struct RateWatch: Sendable {
    /// A measured rate below this part of the promised one is worth a word.
    package static let tolerance = 0.8
    /// At least so many nanoseconds are measured at a time: exposure takes a second or two to settle.
    package static let leastNanoseconds: Int64 = 5_000_000_000
    /// At least so many frames are due in that time; with fewer, one that comes late would look like a low rate.
    static let leastFrames = 20.0

    private let promised: Double
    private let window: Int64
    private var start: (sequence: UInt64, time: MonoTime)?
    private var hasSpoken = false

    /// Watches a stream that was just opened; `promised` is in frames a second.
    package init(promised: Double) {
        self.promised = promised
        let frames = promised > 0 ? Self.leastFrames / promised * 1e9 : 0
        window = max(Self.leastNanoseconds, frames < 3600e9 ? Int64(frames) : 3_600_000_000_000)
    }

    /// Takes a frame's number and time. Returns the measured rate when it is too low, for the first time.
    package mutating func note(sequence: UInt64, at time: MonoTime) -> Double? {
        guard !hasSpoken, promised > 0, promised.isFinite else { return nil }
        guard let start, sequence > start.sequence, time > start.time else {
            self.start = (sequence, time)
            return nil
        }
        let passed = time.nanoseconds(since: start.time)
        guard passed >= window else { return nil }
        self.start = (sequence, time)
        let measured = Double(sequence - start.sequence) / (Double(passed) / 1e9)
        guard measured < Self.tolerance * promised else { return nil }
        hasSpoken = true
        return measured
    }
}
