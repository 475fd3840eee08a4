extension SampleClock {
    /// All samples before `sample` had been taken at `observed`, which may be a little late.
    package mutating func observe(sample: Int64, at observed: MonoTime) -> Outcome {
        guard let time else {
            begin(sample, observed)
            return .followed
        }
        let (advance, overflow) = sample.subtractingReportingOverflow(index)
        guard !overflow, advance > 0 else { return .followed }
        let predicted = time.advanced(byNanoseconds: Self.rounded(Double(advance) * period))
        let error = Double(observed.nanoseconds(since: predicted))

        // What is heard has been taken before: it is the observations so far that were late.
        let limit = outlierLimit
        if error < -max(limit ?? 0, Self.jump) {
            begin(sample, observed)
            return .early
        }
        if let limit, error > max(limit, Self.jump) {
            index = sample
            self.time = predicted
            return isJump(error, sample) ? .late(samples: endJump()) : .followed
        }
        outliers = nil
        let bound = limit ?? Self.jump
        follow(sample, predicted, max(-bound, min(bound, error)), Double(advance) * nominalPeriod)
        return .followed
    }

    /// Samples were left out, so that the next one has the index that belongs to its time. The card is the same: its rate is still known, and
    /// only how exactly that time was known has to be learnt again.
    package mutating func skipped() {
        outliers = nil
        settling = 1
    }

    /// The device was opened anew, and may be another one: after the next observation everything is learnt anew, beginning with the rate that
    /// is known. To be called when what is missing has been counted, since the clock says no times until that observation.
    package mutating func reopened() {
        time = nil
        isLocked = false
    }

    private mutating func begin(_ sample: Int64, _ observed: MonoTime) {
        index = sample
        time = observed
        count = Self.priorObservations + 1
        elapsed = 0
        settling = nil
        variance = 0
        varianceCount = 0
        outliers = nil
        isLocked = false
    }

    /// Above this an error is not jitter, in nanoseconds: four standard deviations; nil before those are known.
    private var outlierLimit: Double? { varianceCount < 16 ? nil : max(Self.smallestLimit, 4 * variance.squareRoot()) }

    /// Whether such errors have stayed.
    private mutating func isJump(_ error: Double, _ sample: Int64) -> Bool {
        let since = outliers?.since ?? sample
        outliers = (since, min(outliers?.smallest ?? error, error))
        return Double(sample - since) * nominalPeriod >= Self.jumpPatience
    }

    /// The number of missing samples: the smallest error is the one least delayed.
    private mutating func endJump() -> Int64 {
        defer { outliers = nil }
        return Self.rounded((outliers?.smallest ?? 0) / period)
    }

    /// Moves on to `sample`, with a part of the error.
    private mutating func follow(_ sample: Int64, _ predicted: MonoTime, _ error: Double, _ advanced: Double) {
        // The first one after a gap says nothing of how far observations are apart.
        if settling != 1 {
            count += 1
            elapsed += advanced
        }
        guard elapsed > 0 else { return begin(sample, predicted) }
        let spacing = elapsed / (count - Self.priorObservations - 1)
        varianceCount = min(varianceCount + 1, 256)
        variance += (error * error - variance) / varianceCount

        var (timeGain, periodGain) = gains(spacing)
        if let settled = settling {
            // After a gap: the mean of the errors since, until that weighs no more than the loop itself.
            periodGain = 0
            timeGain = max(timeGain, 1 / (settled + 1))
            settling = timeGain > 1 / (settled + 1) ? nil : settled + 1
        }
        index = sample
        time = predicted.advanced(byNanoseconds: Self.rounded(timeGain * error))
        let corrected = period + periodGain * error / spacing * nominalPeriod
        period = max(nominalPeriod * (1 - Self.largestDeviation), min(nominalPeriod * (1 + Self.largestDeviation), corrected))
        judge(spacing)
    }

    /// Which part of an error corrects the time, and which the period: those of a line through `count` observations, or the loop's
    /// (damping √½), whichever is more.
    private func gains(_ spacing: Double) -> (time: Double, period: Double) {
        let frequency = 2 * Double.pi * Self.bandwidth * spacing * 1e-9
        let line = count * (count + 1)
        return (
            min(1, max(frequency * 2.0.squareRoot(), 2 * (2 * count - 1) / line)), min(1, max(frequency * frequency, 6 / line))
        )
    }

    /// How exactly the period is known: the standard error of a line's slope, or of the loop's period under white jitter, ω³ / 2√2.
    private mutating func judge(_ spacing: Double) {
        let frequency = 2 * Double.pi * Self.bandwidth * spacing * 1e-9
        let scatter = max(frequency * frequency * frequency / 8.0.squareRoot(), 12 / (count * count * count))
        let slopeError = variance.squareRoot() / spacing * scatter.squareRoot()
        guard elapsed >= 1e9 else { return }
        isLocked = slopeError <= (isLocked ? 2 : 1) * Self.lockedError
    }

    static func rounded(_ value: Double) -> Int64 { Int64(exactly: value.rounded()) ?? (value > 0 ? .max : value < 0 ? .min : 0) }
}
