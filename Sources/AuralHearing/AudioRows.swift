/// A whole clip's sound as the networks take it: rows of 96 columns without overlap, one for each frame of the clip.
///
/// A row takes 0.975 s and begins 0.96 s after the one before; what is left at the end is dropped. Source: the data loader of AuralSAM2 (Y. Liu et
/// al., arXiv 2506.01015), which repeats the last row where the clip has fewer than it needs.
package struct AudioRows: Sendable, Equatable {
    /// Samples at 16 kHz that one row needs.
    package static let samplesPerRow = (AudioSegment.frames - 1) * LogMelSpectrogram.hop + LogMelSpectrogram.window
    /// Samples at 16 kHz from row to row.
    package static let hop = AudioSegment.frames * LogMelSpectrogram.hop

    /// [count, 2, 96, 64], row-major: row, channel, 10 ms frame, mel band.
    package private(set) var logMel: [Float]
    /// Number of rows.
    package let count: Int
    /// How many rows, at the end, repeat the last one that was really there.
    package let padded: Int

    /// Makes the rows of a clip.
    ///
    /// - Parameters:
    ///   - channels: The samples of each channel, full scale being ±1; of more than two the first two are heard, front left and right, and a
    ///     single one is both.
    ///   - rate: Samples a second, within `Resampler.rates`.
    ///   - count: How many rows there shall be: the last is repeated where there are fewer, the rest is dropped where there are more. Nil:
    ///     as many as there are.
    ///
    /// Throws `tooShort` for less sound than one row, `badChannels` for none, and what the resampler reports.
    package init(_ channels: [[Float]], rate: Int, count wanted: Int? = nil) throws(HearingError) {
        let (left, right) = try Self.resampled(channels, rate: rate)
        let present = left.count < Self.samplesPerRow ? 0 : 1 + (left.count - Self.samplesPerRow) / Self.hop
        guard present > 0 else {
            throw HearingError(
                .tooShort, "there are \(Int(Double(left.count) / 16)) ms of sound, and 975 are needed at least; use a longer recording")
        }
        count = max(0, wanted ?? present)
        padded = max(0, count - present)
        logMel = []
        logMel.reserveCapacity(count * AudioSegment.valueCount)
        let spectrogram = LogMelSpectrogram()
        for row in 0..<min(count, present) {
            for samples in [left, right] {
                for frame in 0..<AudioSegment.frames {
                    let first = row * Self.hop + frame * LogMelSpectrogram.hop
                    spectrogram.compute(samples.span.extracting(first..<(first + LogMelSpectrogram.window)))
                    logMel += spectrogram.column
                }
            }
        }
        let last = logMel.suffix(AudioSegment.valueCount)
        for _ in 0..<padded { logMel += last }
    }

    /// Both channels at 16 kHz: n samples become ⌊n·16,000 / rate⌋.
    private static func resampled(_ channels: [[Float]], rate: Int) throws(HearingError) -> (left: [Float], right: [Float]) {
        let pair = Resampler.pair(of: channels.count)
        guard channels.indices.contains(pair.left), Set(channels.map(\.count)).count == 1 else {
            throw HearingError(.badChannels, "sound needs a channel, and all channels the same length; make the file again")
        }
        let resampler = try Resampler(sourceRate: rate)
        let (count, overflow) = channels[pair.left].count.multipliedReportingOverflow(by: Resampler.outputRate)
        let samples = overflow ? Int.max : count / rate
        var (left, right): ([Float], [Float]) = ([], [])
        func take(_ first: Span<Float>, _ second: Span<Float>) {
            for index in 0..<min(first.count, samples - left.count) {
                left.append(first[index])
                right.append(second[index])
            }
        }
        let (front, other) = (channels[pair.left], channels[pair.right])
        try resampler.process(front.span, other.span, sink: take)
        try resampler.finish(sink: take)
        return (left, right)
    }
}
