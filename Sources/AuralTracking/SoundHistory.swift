import AuralCore

/// The audio features of the last seconds, for the `online` fuser: which rows it reads on a frame, and how old they are.
struct SoundHistory {
    private struct Entry {
        var time: MonoTime
        var features: [Float]
    }

    private let seconds: Int
    private var entries: [Entry] = []
    /// Features that are nearer to the last kept ones than this are not kept.
    private static let spacing: Int64 = 50_000_000

    /// Keeps what rows of age 1…`seconds` − 1 need.
    init(seconds: Int) {
        self.seconds = seconds
    }

    /// The rows for a frame: its own features first, then for each whole second before it those that were made nearest to it, if any were made within
    /// half a second of it. Then remembers the new ones.
    mutating func rows(adding features: [Float], at time: MonoTime) -> (rows: [Float], ages: [Int]) {
        // A clip that begins again.
        if let last = entries.last, time.nanoseconds(since: last.time) < 0 { entries = [] }
        entries.removeAll { time.nanoseconds(since: $0.time) > Int64(seconds) * 1_000_000_000 }
        var (rows, ages) = (features, [0])
        for age in 1..<max(seconds, 1) {
            let wanted = Int64(age) * 1_000_000_000
            let distances = entries.map { abs(time.nanoseconds(since: $0.time) - wanted) }
            guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }), distances[nearest] <= 500_000_000 else { continue }
            rows += entries[nearest].features
            ages.append(age)
        }
        if entries.last.map({ time.nanoseconds(since: $0.time) >= Self.spacing }) ?? true {
            entries.append(Entry(time: time, features: features))
        }
        return (rows, ages)
    }

    /// Forgets everything.
    mutating func reset() { entries = [] }

    /// How many features are remembered: bounded.
    var count: Int { entries.count }
}
