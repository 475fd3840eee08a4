extension ModelBenchmark {
    /// So many frames in a row, told while the benchmark goes on: what a stream's length costs shows where the last are put beside the first.
    package struct Stretch: Sendable, Codable, Equatable {
        /// The last of them, counted from 1 after those that fill the memory bank.
        package var frame: Int
        /// Milliseconds of their whole frames.
        package var median: Double
        package var p95: Double
        /// The process's resident set at their end, in mebibytes.
        package var residentMebibytes: Double

        private enum CodingKeys: String, CodingKey {
            case frame, median, p95
            case residentMebibytes = "resident_mebibytes"
        }

        /// Sums up the times of whole frames, in milliseconds; there must be some.
        init(frame: Int, times: [Double]) {
            self.frame = frame
            median = quantile(times, 0.5)
            p95 = quantile(times, 0.95)
            residentMebibytes = memory("VmRSS:")
        }
    }
}
