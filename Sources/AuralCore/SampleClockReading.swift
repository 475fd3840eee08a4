/// A sound card's clock as it was a moment ago: sample index to monotonic time and back, by a straight line.
package struct SampleClockReading: Sendable, Equatable {
    /// A sample…
    package var index: Int64
    /// …and when it was taken.
    package var time: MonoTime
    /// Nanoseconds from sample to sample.
    package var nanosecondsPerSample: Double
    /// Samples a second, by the card's own word.
    package var nominalRate: Double
    /// Whether `ppm` can be trusted.
    package var isLocked: Bool
    /// What it was learnt from: the card's own time stamps, or when its samples arrived.
    package var timestampSource: TimestampSource

    /// How much faster than nominal the card runs, in millionths; negative for a slow one.
    package var ppm: Double { (1e9 / (nominalRate * nanosecondsPerSample) - 1) * 1e6 }

    /// When a sample was or will be taken. Saturates.
    package func time(ofSample sample: Int64) -> MonoTime {
        let (distance, overflow) = sample.subtractingReportingOverflow(index)
        let samples = overflow ? (sample > index ? Int64.max : .min) : distance
        return time.advanced(byNanoseconds: SampleClock.rounded(Double(samples) * nanosecondsPerSample))
    }

    /// The sample that is taken at a time, to the nearest. Saturates.
    package func sample(at moment: MonoTime) -> Int64 {
        let samples = SampleClock.rounded(Double(moment.nanoseconds(since: time)) / nanosecondsPerSample)
        let (sum, overflow) = index.addingReportingOverflow(samples)
        return overflow ? (samples > 0 ? .max : .min) : sum
    }
}
