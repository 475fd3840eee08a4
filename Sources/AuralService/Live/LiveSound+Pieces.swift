import AuralCapture
import AuralCore

extension LiveSound {
    /// What has been heard since the last call, up to now; the first time from a second before the frame on, which is what was heard at it. What has been overwritten meanwhile is
    /// left out, and the next piece's number leaps.
    func pieces(for frame: Frame) -> [SoundPiece] {
        guard let stream = stream(), let reading = stream.clock.reading else { return [] }
        let ring = stream.ring
        let written = ring.written
        // A microphone that came back may have another rate; its samples are numbered on.
        let begin = heardUpTo ?? (reading.sample(at: frame.time) - Int64(ring.sampleRate))
        heardUpTo = written
        var first = max(begin, min(ring.oldest, written), ring.start)
        var pieces: [SoundPiece] = []
        while first < written {
            let count = Int(min(Int64(SoundPiece.longest), written - first))
            var block = [Float](repeating: 0, count: ring.channels * count)
            var destination = block.mutableSpan
            _ = ring.read(first..<(first + Int64(count)), into: &destination)
            pieces.append(
                SoundPiece(
                    first: first, time: reading.time(ofSample: first), rate: ring.sampleRate, channels: ring.channels, count: count,
                    stride: count, block.span))
            first += Int64(count)
        }
        return pieces
    }

    /// Nobody wants sound now: who wants it later hears it from a second before then on.
    func forgetPieces() { heardUpTo = nil }
}
