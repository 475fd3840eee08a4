/// Makes columns of sound at 16 kHz as it comes, each once, and keeps the samples that the next ones need.
struct ColumnMaker {
    /// Samples of each channel that there is room for.
    private static let capacity = LogMelSpectrogram.window + Resampler.block

    /// The columns made so far.
    private(set) var ring = ColumnRing()
    private let spectrogram = LogMelSpectrogram()
    /// One channel after the other.
    private var samples = [Float](repeating: 0, count: AudioSegment.channels * capacity)
    private var count = 0

    /// Forgets all sound.
    mutating func reset() {
        ring.reset()
        count = 0
    }

    /// Takes the next samples of both channels; those beyond the shorter one's end are left out.
    mutating func append(_ left: Span<Float>, _ right: Span<Float>) {
        let total = min(left.count, right.count)
        var done = 0
        while done < total {
            let part = min(Self.capacity - count, total - done)
            for index in 0..<part {
                samples[count + index] = left[done + index]
                samples[Self.capacity + count + index] = right[done + index]
            }
            count += part
            done += part
            makeColumns()
        }
    }

    /// Makes all columns that are complete, and moves what is left to the front: less than a column, so there is always room for more.
    private mutating func makeColumns() {
        var done = 0
        while count - done >= LogMelSpectrogram.window {
            for channel in 0..<AudioSegment.channels {
                let first = channel * Self.capacity + done
                spectrogram.compute(samples.span.extracting(first..<(first + LogMelSpectrogram.window)))
                ring.set(channel, spectrogram.column)
            }
            ring.advance()
            done += LogMelSpectrogram.hop
        }
        guard done > 0 else { return }
        for first in [0, Self.capacity] {
            for index in done..<count { samples[first + index - done] = samples[first + index] }
        }
        count -= done
    }
}
