import AuralCore
import AuralHearing

/// Segments for frames, of sound that whoever has it reads where `lacking` says.
struct FrameSegments {
    /// Samples of each channel that are read at a time.
    static let block = 4096

    private let window = SegmentWindow()
    private var values: [Float] = []
    private var latest: Int64?

    /// Which samples to give until the segment that ends at the sample `end` can be made, of those that there are.
    ///
    /// That is a tenth of a second more than the segment has: the resampler's filter looks ahead. Where sound has not been asked for in two
    /// seconds, no more than those are needed. Sound that is asked for from an earlier place begins anew: a clip that is played again.
    mutating func lacking(for end: Int64, of present: Range<Int64>, rate: Int) -> Range<Int64> {
        if let latest, latest.subtractingReportingOverflow(end).partialValue > Int64(rate) / 2 { window.reset() }
        latest = end
        let (ahead, overflow) = end.addingReportingOverflow(Int64(rate) / 10)
        let upper = max(present.lowerBound, min(present.upperBound, overflow ? end : ahead))
        let lower = max(present.lowerBound, window.next ?? .min, upper - min(upper, 2 * Int64(rate)))
        return lower < upper ? lower..<upper : upper..<upper
    }

    /// Takes samples of both channels; see `SegmentWindow.append`.
    mutating func append(_ left: Span<Float>, _ right: Span<Float>, at index: Int64, rate: Int) throws(HearingError) {
        try window.append(left, right, at: index, rate: rate)
    }

    /// The segment that ends at or before the sample `end`, which was taken at `time`.
    mutating func segment(endingAt end: Int64, at time: MonoTime, rate: Int, isSounding: Bool) -> AudioSegment {
        let extent = window.segment(endingAtSample: end, into: &values)
        let behind = Int64(min((Double(extent.behind) * 1e9 / Double(max(1, rate))).rounded(), 9e18))
        return AudioSegment(logMel: values, isSounding: isSounding, end: time.advanced(byNanoseconds: -behind))
    }
}
