/// The last second of sound as a log-mel spectrogram, kept up as sound comes: every column is computed once.
///
/// Sound is given in blocks with the absolute index of their first sample, at the source's rate; columns lie 10 ms apart, counted from the
/// first sample. What is missing is silence. Where a second or more is missing, where the index goes back or the rate changes, the sound
/// begins anew, and columns before it are digital silence. Memory is bounded, and nothing is allocated while a stream goes on.
package final class SegmentWindow {
    /// What of a segment is real.
    package struct Extent: Sendable, Equatable {
        /// By how many samples of the source the segment ends before the one asked for: at least what the grid of 10 ms and the resampler's
        /// lag leave, more where sound has not been given so far. 0 where nothing was heard at all.
        package var behind: Int64
        /// Columns that were heard, at most 96; the others, in front, are silence.
        package var heard: Int
    }

    /// The index after the newest sample; nil before the first.
    package private(set) var next: Int64?
    private var origin: Int64 = 0
    private var resampler: Resampler?
    private var maker = ColumnMaker()
    private let zeros = [Float](repeating: 0, count: Resampler.block)

    /// A window that has heard nothing.
    package init() {}

    /// Forgets everything.
    package func reset() {
        next = nil
        resampler = nil
        maker.reset()
    }

    /// Takes samples of both channels, as many as both have.
    ///
    /// - Parameters:
    ///   - left: The left channel, full scale being ±1; a single channel is given as both.
    ///   - right: The right channel.
    ///   - index: The first sample's absolute index.
    ///   - rate: Samples a second, within `Resampler.rates`; throws for others.
    package func append(_ left: Span<Float>, _ right: Span<Float>, at index: Int64, rate: Int) throws(HearingError) {
        let count = Int64(min(left.count, right.count))
        let (end, overflow) = index.addingReportingOverflow(count)
        guard count > 0, !overflow else { return }
        if let next, index > next, rate == resampler?.sourceRate {
            // What is missing is silence; so much of it that no segment reaches over it need not be made.
            let (missing, overflow) = index.subtractingReportingOverflow(next)
            if !overflow, missing < Int64(rate) { try fill(Int(missing)) }
        }
        if next != index || rate != resampler?.sourceRate {
            reset()
            resampler = try Resampler(sourceRate: rate)
            origin = index
        }
        try process(left, right)
        next = end
    }

    /// Copies the segment that ends with the last column that ends at or before the sample `end` into `logMel`, [2, 96, 64].
    @discardableResult
    package func segment(endingAtSample end: Int64, into logMel: inout [Float]) -> Extent {
        guard let next, let rate = resampler?.sourceRate else { return Extent(behind: 0, heard: maker.ring.copy(endingAt: 0, into: &logMel)) }
        let columns = min(Self.columns(ending: end, after: origin, rate: Int64(rate)), maker.ring.end)
        let heard = maker.ring.copy(endingAt: columns, into: &logMel)
        let covered = columns > 0 ? origin &+ Self.samples(ofColumns: columns, rate: Int64(rate)) : min(end, next)
        let (behind, overflow) = end.subtractingReportingOverflow(covered)
        return Extent(behind: overflow ? .max : max(0, behind), heard: heard)
    }

    private func fill(_ missing: Int) throws(HearingError) {
        var left = missing
        let zeros = zeros
        let silence = zeros.span
        while left > 0 {
            let count = min(left, zeros.count)
            try process(silence.extracting(0..<count), silence.extracting(0..<count))
            left -= count
        }
        next = next.map { $0 + Int64(missing) }
    }

    private func process(_ left: Span<Float>, _ right: Span<Float>) throws(HearingError) {
        try resampler?.process(left, right) { [self] left, right in maker.append(left, right) }
    }

    /// How many columns of sound that begins at `origin` end at or before the sample `end`.
    private static func columns(ending end: Int64, after origin: Int64, rate: Int64) -> Int64 {
        let (given, overflow) = end.subtractingReportingOverflow(origin)
        guard given > 0 || overflow, end > origin else { return 0 }
        // 2^48 samples take longer than a machine lives, and leave room for the product.
        let samples = (overflow ? 1 << 48 : min(given, 1 << 48)) * Int64(Resampler.outputRate) / rate
        let window = Int64(LogMelSpectrogram.window)
        return samples < window ? 0 : 1 + (samples - window) / Int64(LogMelSpectrogram.hop)
    }

    /// How many samples of the source so many columns take, to the last one's end.
    private static func samples(ofColumns columns: Int64, rate: Int64) -> Int64 {
        let samples = (columns - 1) * Int64(LogMelSpectrogram.hop) + Int64(LogMelSpectrogram.window)
        return (samples * rate + Int64(Resampler.outputRate) - 1) / Int64(Resampler.outputRate)
    }
}
