/// Which sample was taken when: maps the sample index of a sound card to the monotonic clock, from one observation a period, each of them
/// somewhat late or early.
///
/// A delay-locked loop of second order after F. Adriaensen, Using a DLL to filter time (Linux Audio Conference 2005): it predicts when the
/// next sample will be reached, and corrects time and period by a part of what it was wrong. Two things are added. At first the parts are
/// those of a straight line fitted to all observations so far, which shrink with their number until they reach the loop's own: so the clock
/// is right within a second or two even for a card that is 1 % off. And errors are limited to what the usual jitter explains, so that a late
/// wake-up does not pull; large errors that stay are a jump.
package struct SampleClock: Sendable {
    /// What came of an observation.
    package enum Outcome: Sendable, Equatable {
        /// It was used, or was nothing new.
        case followed
        /// For half a second samples have come later than they should: so many are missing that nobody told of. The clock expects that
        /// `skipped` is called with the number that was really skipped.
        case late(samples: Int64)
        /// A sample was there before its time: the clock was wrong and has begun again from it.
        case early
    }

    /// Hz; below it the loop follows the card, above it it takes deviations for jitter. Slow enough for 1 ppm out of ±5 ms, fast enough for
    /// a quartz that warms up.
    static let bandwidth = 0.005
    /// Observations that the nominal rate counts for: the first few would otherwise say anything.
    static let priorObservations = 4.0
    /// How far a card may be from its nominal rate. snd-aloop can be shifted; no quartz comes near.
    static let largestDeviation = 0.05
    /// Below this an error is never an outlier, in nanoseconds.
    static let smallestLimit = 3e6
    /// Errors this large that do not go away are a jump, in nanoseconds.
    static let jump = 20e6
    /// How long they must stay, in nanoseconds.
    static let jumpPatience = 500e6
    /// The standard error of the rate at which the clock counts as locked, and twice that at which it no longer does.
    static let lockedError = 3.3e-6

    /// The card's own word, samples a second.
    package let nominalRate: Double
    let nominalPeriod: Double

    /// The mapping: this sample was taken at this time. The time is nil before the first observation.
    var index: Int64 = 0
    var time: MonoTime?
    /// Nanoseconds from sample to sample.
    var period: Double

    /// Observations that the loop's gains are made from; see `gains`.
    var count = 0.0
    /// Nanoseconds, by nominal rate, that those took.
    var elapsed = 0.0
    /// Observations since the last gap, of which only the time is learnt, not the period; nil when that is over.
    var settling: Double?
    /// The running mean of squared errors, in square nanoseconds, and of how many at most.
    var variance = 0.0
    var varianceCount = 0.0
    /// The sample at which errors above the limit began, and the smallest of them.
    var outliers: (since: Int64, smallest: Double)?

    /// What the observed times are. The clock only passes it on.
    package var timestampSource = TimestampSource.device

    /// Whether `ppm` can be trusted.
    package internal(set) var isLocked = false

    /// A clock that has seen nothing of a card with this many samples a second.
    package init(nominalRate: Int) {
        self.nominalRate = Double(max(1, nominalRate))
        nominalPeriod = 1e9 / self.nominalRate
        period = nominalPeriod
    }

    /// The mapping as others may use it; nil before the first observation.
    package var reading: SampleClockReading? {
        time.map {
            SampleClockReading(
                index: index, time: $0, nanosecondsPerSample: period, nominalRate: nominalRate, isLocked: isLocked,
                timestampSource: timestampSource)
        }
    }

    /// How much faster than nominal the card runs, in millionths; negative for a slow one. Worth something once `isLocked`.
    package var ppm: Double { (nominalPeriod / period - 1) * 1e6 }

    /// When a sample was or will be taken; nil before the first observation.
    package func time(ofSample sample: Int64) -> MonoTime? { reading?.time(ofSample: sample) }

    /// The sample that is taken at a time, to the nearest; nil before the first observation.
    package func sample(at time: MonoTime) -> Int64? { reading?.sample(at: time) }
}
