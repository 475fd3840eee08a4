/// The newest columns of a log-mel spectrogram of two channels, each known by its index since the sound began.
struct ColumnRing {
    /// Columns that are kept: a segment, and as many again, because sound is read somewhat beyond the frame that asks for it.
    static let capacity = 2 * AudioSegment.frames

    /// One past the newest column's index.
    private(set) var end: Int64 = 0
    /// Channel, place, band.
    private var values = [Float](repeating: LogMelSpectrogram.silence, count: AudioSegment.channels * capacity * AudioSegment.bands)

    /// Forgets everything; the next column has index 0.
    mutating func reset() { end = 0 }

    /// One channel of the next column, 64 numbers; `advance` makes it the newest when both are set.
    mutating func set(_ channel: Int, _ column: [Float]) {
        let first = (channel * Self.capacity + Int(end % Int64(Self.capacity))) * AudioSegment.bands
        for band in 0..<min(AudioSegment.bands, column.count) { values[first + band] = column[band] }
    }

    /// There is one column more.
    mutating func advance() { end += 1 }

    /// Copies the 96 columns that end before index `end` into `segment`, [2, 96, 64], and returns how many of them there are. The others,
    /// in front, become silence.
    func copy(endingAt end: Int64, into segment: inout [Float]) -> Int {
        let frames = AudioSegment.frames
        if segment.count != AudioSegment.valueCount { segment = [Float](repeating: 0, count: AudioSegment.valueCount) }
        let last = max(0, min(end, self.end))
        let first = max(0, last - Int64(frames), min(last, self.end - Int64(Self.capacity)))
        let heard = Int(last - first)
        // In two pieces where the ring ends between them.
        let start = Int(first % Int64(Self.capacity))
        let whole = min(heard, Self.capacity - start)
        segment.withUnsafeMutableBufferPointer { segment in
            values.withUnsafeBufferPointer { values in
                for channel in 0..<AudioSegment.channels {
                    let (to, from) = (channel * frames, channel * Self.capacity)
                    Self.part(segment, to, frames - heard).update(repeating: LogMelSpectrogram.silence)
                    for (place, source, count) in [(0, start, whole), (whole, 0, heard - whole)] {
                        let target = Self.part(segment, to + frames - heard + place, count)
                        let columns = values[((from + source) * AudioSegment.bands)..<((from + source + count) * AudioSegment.bands)]
                        _ = target.update(fromContentsOf: columns)
                    }
                }
            }
        }
        return heard
    }

    /// `count` columns of a segment, from `first` on.
    private static func part(_ segment: UnsafeMutableBufferPointer<Float>, _ first: Int, _ count: Int) -> UnsafeMutableBufferPointer<Float> {
        // SAFETY: the slice is checked, and used only while the segment's memory is borrowed.
        UnsafeMutableBufferPointer(rebasing: segment[(first * AudioSegment.bands)..<((first + count) * AudioSegment.bands)])
    }
}
