/// The last latencies and frame times, for `status`: a ring of fixed size.
struct LatencyWindow {
    private var milliseconds: [Double] = []
    private var times: [Int64] = []
    private var next = 0
    private let capacity = 256

    /// Notes a frame: its latency and when it was ready, in monotonic nanoseconds.
    mutating func note(milliseconds latency: Double, at time: Int64) {
        if milliseconds.count < capacity {
            milliseconds.append(latency)
            times.append(time)
        } else {
            milliseconds[next] = latency
            times[next] = time
        }
        next = (next + 1) % capacity
    }

    /// A quantile of the latencies, 0…1; nil before the first frame.
    func quantile(_ fraction: Double) -> Double? {
        guard !milliseconds.isEmpty else { return nil }
        let sorted = milliseconds.sorted()
        return sorted[min(Int(Double(sorted.count) * fraction), sorted.count - 1)]
    }

    /// Frames a second over the window; 0 before there are two.
    var framesPerSecond: Double {
        guard let first = times.min(), let last = times.max(), last > first else { return 0 }
        return Double(times.count - 1) / (Double(last - first) / 1e9)
    }
}
