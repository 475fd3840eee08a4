extension ModelBenchmark {
    /// One line of the result, in milliseconds.
    package struct Line: Sendable, Codable, Equatable {
        /// A stage, a step, or `whole frame`.
        package var name: String
        package var median: Double
        package var p95: Double
    }

    /// What was measured.
    package struct Report: Sendable, Codable, Equatable {
        package var lines: [Line]
        /// 1000 / median of the whole frame.
        package var framesPerSecond: Double
        /// Median of the last tenth of the frames by that of the first: what a stream's length costs. Nil for fewer than 100 frames.
        package var lastTenthByFirst: Double?
        /// What sound costs; nil for a model without a fuser.
        package var sound: SoundCost?
        /// Where the time of the stages goes, by type of layer and by layer; nil where the engine was not told to measure it.
        package var layerTypes: [LayerLedger.Entry]?
        package var layers: [LayerLedger.Entry]?
        /// The process's largest resident set, in mebibytes.
        package var peakMemoryMebibytes: Double
        package var frames: Int
        package var objects: Int

        private enum CodingKeys: String, CodingKey {
            case lines, sound, layers, frames, objects
            case framesPerSecond = "frames_per_second"
            case lastTenthByFirst = "last_tenth_by_first"
            case layerTypes = "layer_types"
            case peakMemoryMebibytes = "peak_memory_mebibytes"
        }

        /// `lastTenthByFirst` of the times of all frames.
        static func drift(_ times: [Double]) -> Double? {
            guard times.count >= 100 else { return nil }
            return quantile(times.suffix(times.count / 10), 0.5) / quantile(times.prefix(times.count / 10), 0.5)
        }
    }

    /// The value below which `fraction` of the values lie; there must be some.
    static func quantile(_ values: some Collection<Double>, _ fraction: Double) -> Double {
        let sorted = values.sorted()
        return sorted[min(Int(Double(sorted.count) * fraction), sorted.count - 1)]
    }
}
