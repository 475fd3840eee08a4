/// Our own count of a camera's frames, which only grows, made from the driver's, which wraps and starts anew with every opening.
struct FrameSequence: Sendable {
    /// Steps that are larger than this are a count that has started anew, not lost frames: a stream without frames for so long has stalled.
    private static let largestGap: UInt32 = 1000

    private var next: UInt64 = 0
    private var last: UInt32?

    /// A new stream begins. Its first number is not known before its first frame: v4l2loopback begins with 0 and goes on with what its producer
    /// has reached, so the frame that is dropped after opening tells nothing.
    mutating func begin() {
        last = nil
    }

    /// The number of a frame that came, and how many the driver has lost before it.
    mutating func take(_ number: UInt32) -> (number: UInt64, lost: UInt64) {
        // 2^32 - 1 for drivers that number all frames alike.
        let gap = last.map { number &- $0 &- 1 } ?? 0
        last = number
        let lost = gap <= Self.largestGap ? UInt64(gap) : 0
        let taken = next + lost
        next = taken + 1
        return (taken, lost)
    }
}
