/// The newest gaps of a ring.
struct SampleGaps {
    /// How many are remembered.
    static let limit = 64

    private(set) var ranges: [Range<Int64>] = []

    init() { ranges.reserveCapacity(Self.limit) }

    mutating func append(_ range: Range<Int64>) {
        if let last = ranges.last, last.upperBound == range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
            return
        }
        if ranges.count == Self.limit { ranges.removeFirst() }
        ranges.append(range)
    }
}
