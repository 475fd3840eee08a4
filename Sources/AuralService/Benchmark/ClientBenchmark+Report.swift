extension ClientBenchmark {
    /// Durations in milliseconds.
    package struct Percentiles: Sendable, Codable, Equatable {
        /// The median.
        package var p50: Double
        package var p95: Double
        package var p99: Double
        /// The longest.
        package var max: Double

        /// Of durations in nanoseconds; all 0 where there are none.
        package init(nanoseconds: [Int64]) {
            let sorted = nanoseconds.sorted()
            func at(_ fraction: Double) -> Double {
                sorted.isEmpty ? 0 : Double(sorted[min(Int(Double(sorted.count) * fraction), sorted.count - 1)]) / 1e6
            }
            (p50, p95, p99, max) = (at(0.5), at(0.95), at(0.99), at(1))
        }
    }

    /// What was measured.
    package struct Report: Sendable, Codable, Equatable {
        /// All clients.
        package var clients: Int
        /// Those that never read.
        package var stalled: Int
        /// Those that send garbage as fast as it is taken.
        package var garbage: Int
        /// Frames that the source made.
        package var frames: Int
        /// Frames that were lost at the source, because publishing held it up or the hub did not take them.
        package var framesLost: Int
        /// Frame records that reached the clients that read.
        package var delivered: UInt64
        /// Frames that these clients were told they did not get.
        package var dropped: UInt64
        /// Clients that read whose frames and notices do not add up to all frames: 0, or it is our bug.
        package var unaccounted: Int
        /// From the making of a record to its last byte at a client that reads.
        package var delivery: Percentiles
        /// How long the source waits in `publish`.
        package var publish: Percentiles
        /// Processor time of the server's process for each second.
        package var processorShare: Double

        private enum CodingKeys: String, CodingKey {
            case clients, stalled, garbage, frames, delivered, dropped, unaccounted, delivery, publish
            case framesLost = "frames_lost"
            case processorShare = "processor_share"
        }

        init(_ options: Options, _ published: Publisher.Outcome, _ crowd: Crowd.Outcome, processorSeconds: Double, received: UInt64) {
            clients = options.crowd.total
            stalled = options.crowd.stalled
            garbage = options.crowd.garbage
            frames = options.frames
            framesLost = published.lost + max(options.frames - Int(clamping: received), 0)
            delivered = crowd.delivered
            dropped = crowd.dropped
            unaccounted = crowd.unaccounted(frames: UInt64(published.frames))
            delivery = crowd.delivery
            publish = Percentiles(nanoseconds: published.nanoseconds)
            processorShare = processorSeconds / max(options.seconds, 0.001)
        }
    }
}
