import AuralCapture
import AuralCore
import Foundation

extension ClipSound {
    /// The sound of this frame, up to the next one's time, and of those since the last call, the first time of those within the second before; at most
    /// two seconds. Samples are numbered over all passes; after
    /// the file's end there is silence. Throws what the reader reports.
    package func pieces(for frame: Frame) throws -> [SoundPiece] {
        let second = UInt64(min(max(1, (1e9 / Double(max(1, frameDurationNanoseconds))).rounded(.up)), 1000))
        let last = playedUpTo ?? frame.sequence - min(frame.sequence, second)
        playedUpTo = frame.sequence &+ 1
        guard last <= frame.sequence else { return [] }
        let rate = Double(reader.sampleRate)
        let perFrame = Double(frameDurationNanoseconds) / 1e9 * rate
        let most = UInt64(min(max(1, 2 * rate / max(perFrame, 1)), 1000))
        return try (max(last, frame.sequence &- min(most, frame.sequence))...frame.sequence).flatMap { number in
            let behind = Double(frame.sequence - number) * Double(frameDurationNanoseconds)
            return try pieces(of: number, perFrame: perFrame, at: frame.time.advanced(byNanoseconds: -Int64(min(behind, 9e18))))
        }
    }

    /// Nobody wants sound now: who wants it later hears it from a second before then on.
    package func forgetPieces() { playedUpTo = nil }

    /// A frame's own sound, from its time to the next one's.
    private func pieces(of number: UInt64, perFrame: Double, at time: MonoTime) throws -> [SoundPiece] {
        let length = frameCount.map { UInt64(max($0, 1)) }
        let (pass, within) = length.map { number.quotientAndRemainder(dividingBy: $0) } ?? (0, number)
        let sample = { (frame: UInt64) in Int64(min((Double(frame) * perFrame).rounded(), 1e15)) }
        let (start, end) = (sample(within), sample(within &+ 1))
        // Passes are as long as the last frame's end says: rounded once, so that pieces fit together over them.
        let (before, overflow) = Int64(clamping: pass).multipliedReportingOverflow(by: length.map(sample) ?? 0)
        var pieces: [SoundPiece] = []
        var first = start
        while first < end {
            let count = Int(min(end - first, Int64(SoundPiece.longest)))
            let values = try samples(from: Int(first), count: count)
            let later = Int64((Double(first - start) / Double(max(1, reader.sampleRate)) * 1e9).rounded())
            pieces.append(
                SoundPiece(
                    first: overflow ? first : before + first, time: time.advanced(byNanoseconds: later), rate: reader.sampleRate,
                    channels: reader.channelCount, count: count, stride: count, values.span))
            first += Int64(count)
        }
        return pieces
    }

    /// Samples of all channels, one channel after the other; silence after the file's end.
    private func samples(from start: Int, count: Int) throws -> [Float] {
        let parts = (0..<reader.channelCount).map { _ in UnsafeMutableBufferPointer<Float>.allocate(capacity: count) }
        defer { parts.forEach { $0.deallocate() } }
        for part in parts { part.initialize(repeating: 0) }
        _ = try reader.read(from: start, into: parts)
        return parts.flatMap { Array($0) }
    }
}
