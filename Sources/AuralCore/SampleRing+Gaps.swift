import Synchronization

extension SampleRing {
    /// The gaps among the samples of a range, oldest first, cut to it. Only the newest `SampleGaps.limit` gaps are remembered.
    package func gaps(in range: Range<Int64>) -> [Range<Int64>] {
        gapList.withLock { list in list.ranges.map { $0.clamped(to: range) }.filter { !$0.isEmpty } }
    }

    /// How many samples of a range are missing; see `gaps`. Allocates nothing.
    package func missing(in range: Range<Int64>) -> Int64 {
        gapList.withLock { list in list.ranges.reduce(0) { $0 + Int64($1.clamped(to: range).count) } }
    }
}
