import Synchronization

/// How long something takes: counts in fixed buckets. Observing is a search over sixteen bounds and two relaxed atomic additions: no
/// lock, no allocation, any thread.
package final class Histogram: Metric {
    /// The buckets' upper bounds in nanoseconds, inclusive as Prometheus' `le` is: 0.1 ms to 10 s, for a system call as well as for the
    /// largest network. One more bucket has no bound.
    package static let bounds: [Int64] = [
        100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        500_000_000, 1_000_000_000, 2_500_000_000, 5_000_000_000, 10_000_000_000,
    ]

    /// The bounds as `le` shows them, in seconds.
    private static let boundNames = bounds.map { ExpositionWriter.text(Double($0) / 1e9) } + ["+Inf"]

    private let bounds = Histogram.bounds
    private let buckets = InlineArray<17, Atomic<UInt64>> { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    /// An empty histogram.
    package init() {}

    /// Notes a duration; a negative one, from clocks that disagree, counts as 0.
    package func observe(nanoseconds: Int64) {
        let duration = max(nanoseconds, 0)
        var index = 0
        while index < bounds.count, duration > bounds[index] { index += 1 }
        buckets[index].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(UInt64(duration), ordering: .relaxed)
    }

    /// How many durations were noted.
    package var count: UInt64 {
        buckets.indices.reduce(0) { $0 &+ buckets[$1].load(ordering: .relaxed) }
    }

    // The count is made from the buckets, so that a scrape in the middle of an observation still adds up.
    func write(to writer: inout ExpositionWriter, name: String, labels: String) {
        let separator = labels.isEmpty ? "" : ","
        var total: UInt64 = 0
        for (index, bound) in Self.boundNames.enumerated() {
            total &+= buckets[index].load(ordering: .relaxed)
            writer.sample("\(name)_bucket", "\(labels)\(separator)le=\"\(bound)\"", total)
        }
        writer.sample("\(name)_sum", labels, Double(sum.load(ordering: .relaxed)) / 1e9)
        writer.sample("\(name)_count", labels, total)
    }
}
