import AuralCapture
import AuralCore

/// Sound of a recording that goes on without a break, over all segments that it is in.
package final class RecordedTrack: SampleReader {
    /// A sample of which it is known when it was taken.
    struct Anchor {
        var nanoseconds: Int64
        /// Counted from the track's beginning.
        var sample: Int64
    }

    /// Sounds that is nearer than this to a frame may be heard at it, in nanoseconds.
    private static let reach: Int64 = 5_000_000_000

    package let sampleRate: Int
    package let channelCount: Int
    package private(set) var sampleCount = 0
    private var files: [(start: Int, reader: WAVReader)] = []
    private var anchors: [Anchor] = []
    private let first: Int64
    private let boot: String

    private init(_ sound: SegmentIndex.Sound, boot: String) {
        sampleRate = sound.rate
        channelCount = sound.channels
        first = sound.first
        self.boot = boot
    }

    /// All tracks of a recording, in order. Throws where a file is missing or damaged.
    package static func tracks(of recording: Recording) throws -> [RecordedTrack] {
        var tracks: [RecordedTrack] = []
        for segment in recording.segments {
            guard let sound = segment.index.sound, sound.samples > 0, let path = segment.soundPath else { continue }
            let reader = try WAVReader(path: path)
            guard reader.sampleRate == sound.rate, reader.channelCount == sound.channels else {
                throw RecordingError(.damaged, path: path, "has another rate or other channels than the index says")
            }
            let follows = tracks.last.flatMap { $0.place(of: sound, boot: segment.index.bootID) }
            let track: RecordedTrack
            if follows != nil, let last = tracks.last {
                track = last
            } else {
                track = RecordedTrack(sound, boot: segment.index.bootID)
                tracks.append(track)
            }
            let start = follows ?? 0
            track.files.append((start, reader))
            track.sampleCount = max(track.sampleCount, start + reader.sampleCount)
            for place in try segment.sounds() {
                let sample = Int64(start).addingReportingOverflow(place.offset)
                if !sample.overflow { track.anchors.append(Anchor(nanoseconds: place.t_ns, sample: sample.partialValue)) }
            }
        }
        return tracks.filter { !$0.anchors.isEmpty }
    }

    /// Where a segment's sound goes on in this track; nil where it does not.
    private func place(of sound: SegmentIndex.Sound, boot: String) -> Int? {
        guard boot == self.boot, sound.rate == sampleRate, sound.channels == channelCount else { return nil }
        let place = sound.first.subtractingReportingOverflow(first)
        guard !place.overflow, place.partialValue >= Int64(sampleCount), place.partialValue - Int64(sampleCount) <= 10 * Int64(sampleRate) else {
            return nil
        }
        return Int(exactly: place.partialValue)
    }

    /// The sample that was taken at a moment, also a little before the first and after the last; nil where the track is far from it.
    package func sample(at time: MonoTime) -> Int64? {
        guard let begin = anchors.first else { return nil }
        // The newest anchor that is not later.
        var (low, high) = (0, anchors.count)
        while low < high {
            let middle = (low + high) / 2
            if anchors[middle].nanoseconds <= time.nanoseconds { low = middle + 1 } else { high = middle }
        }
        let anchor = low > 0 ? anchors[low - 1] : begin
        let distance = time.nanoseconds.subtractingReportingOverflow(anchor.nanoseconds)
        guard !distance.overflow, low > 0 || distance.partialValue > -Self.reach else { return nil }
        let samples = Double(distance.partialValue) * Double(sampleRate) / 1e9
        let end = Double(sampleCount) + Double(Self.reach) / 1e9 * Double(sampleRate)
        let sample = Double(anchor.sample) + samples.rounded()
        return sample <= end ? Int64(max(0, sample)) : nil
    }

    package func read(from start: Int, into channels: [UnsafeMutableBufferPointer<Float>]) throws(CaptureError) -> Int {
        guard start >= 0, start < sampleCount, channels.count == channelCount, let wanted = channels.map(\.count).min() else { return 0 }
        let count = min(wanted, sampleCount - start)
        // What was lost between two segments is silence.
        for channel in channels { channel[0..<count].update(repeating: 0) }
        for file in files {
            let (from, to) = (max(start, file.start), min(start + count, file.start + file.reader.sampleCount))
            guard from < to else { continue }
            let parts = channels.map { UnsafeMutableBufferPointer(rebasing: $0[(from - start)..<(to - start)]) }
            _ = try file.reader.read(from: from - file.start, into: parts)
        }
        return count
    }
}
