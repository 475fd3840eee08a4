import AuralCapture
import AuralCore
import AuralHearing
import AuralWire
import Foundation
import Testing

@testable import AuralService

@Suite struct ClipSoundTests {
    /// A sound file for the time of `body`; channels of the same length.
    static func withFile<Result>(_ channels: [[Float]], rate: Int, _ body: (String) throws -> Result) throws -> Result {
        let path = NSTemporaryDirectory() + "aurald-\(UUID().uuidString).wav"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try WAVWriter(path: path, sampleRate: rate, channelCount: channels.count)
        let samples = (0..<channels[0].count).flatMap { index in channels.map { $0[index] } }
        try samples.withUnsafeBufferPointer { try writer.append(interleaved: $0) }
        try writer.finish()
        return try body(path)
    }

    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float(random.unit() * 0.5) }
    }

    /// Full scale's half from one time to another, in a clip of some seconds.
    static func beep(from start: Int, to end: Int, of count: Int) -> [Float] {
        (0..<count).map { (start..<end).contains($0) ? ($0 / 24 % 2 == 0 ? 0.5 : -0.5) : 0 }
    }

    @Test(
        "a frame's segment is that of the clip's sound before it; after the sound's end there is silence, and a new pass begins anew",
        .timeLimit(.minutes(5)), arguments: [(8_000, 1), (16_000, 2), (44_100, 2), (48_000, 6), (192_000, 2)])
    func segments(rate: Int, channels: Int) throws {
        let sound = (0..<channels).map { noise(3 * rate, seed: UInt64($0)) }
        let duration: Int64 = 40_000_000
        try Self.withFile(sound, rate: rate) { path in
            // 125 frames are five seconds, two more than there is sound.
            let clip = try ClipSound(path: path, frameDurationNanoseconds: duration, frameCount: 125)
            let window = SegmentWindow()
            let silence = [Float](repeating: 0, count: 3 * rate)
            let (left, right) = (sound[0] + silence, sound[channels > 1 ? 1 : 0] + silence)
            var values: [Float] = []
            var given = 0
            for frame in 0..<(125 + 40) as Range<UInt64> where frame % 7 < 5 {
                let within = Int(frame % 125)
                if frame == 126 {
                    window.reset()
                    given = 0
                }
                let end = within * rate / 25
                let upTo = end + rate / 10
                if upTo > given {
                    try window.append(left.span.extracting(given..<upTo), right.span.extracting(given..<upTo), at: Int64(given), rate: rate)
                }
                given = max(given, upTo)
                let time = MonoTime(nanoseconds: Int64(frame) * duration)
                let segment = try #require(try clip.hear(frame: frame, at: time, needsSegment: true).segment)
                let extent = window.segment(endingAtSample: Int64(end), into: &values)
                let isSame = segment.logMel == values
                #expect(isSame, "frame \(frame)")
                #expect(time.nanoseconds(since: segment.end) <= 10_200_000 && extent.behind <= rate / 98)
                // Asked again, nothing changes.
                #expect(try clip.hear(frame: frame, at: time, needsSegment: true).segment == segment)
                // Nothing is left of the sound a second after its end, but for what the filter lets linger.
                let isSilent = segment.logMel.allSatisfy { abs($0 - LogMelSpectrogram.silence) < 1e-4 }
                #expect(isSilent == (within == 0 || within > 25 * 4) || within == 25 * 4, "frame \(frame)")
            }
        }
    }

    @Test("a frame sounds from the first after the onset until it was quiet for the hold, over passes too", .timeLimit(.minutes(5)))
    func gate() throws {
        let rate = 48_000
        // From 1.0 s to 1.5 s, at 25 frames a second.
        try Self.withFile([Self.beep(from: rate, to: rate * 3 / 2, of: 3 * rate)], rate: rate) { path in
            let clip = try ClipSound(path: path, frameDurationNanoseconds: 40_000_000, frameCount: 75)
            for frame in 0..<150 as Range<UInt64> {
                // The level of 200 ms falls to silence at 1.7 s: frame 43 is the first after; the hold ends 400 ms later.
                let expected = (26..<53).contains(frame % 75)
                for _ in 0..<2 {
                    let heard = try clip.hear(frame: frame, at: MonoTime(nanoseconds: 0))
                    #expect(heard.audio.isSounding == expected && heard.segment == nil, "frame \(frame)")
                }
            }
        }
        // At the file's end the level stays, but nothing sounds any more.
        try Self.withFile([[Float](repeating: 0.5, count: rate)], rate: rate) { path in
            let clip = try ClipSound(path: path, frameDurationNanoseconds: 100_000_000, frameCount: nil)
            let heard = try (0..<20 as Range<UInt64>).map { try clip.hear(frame: $0, at: MonoTime(nanoseconds: 0)).audio }
            #expect(heard.map(\.isSounding) == (0..<20).map { (1..<16).contains($0) })
            #expect(abs(heard[19].rmsDBFS + 6.02) < 0.01)
        }
    }

    @Test("keys of the hearing section take effect from the next frame on", .timeLimit(.minutes(5)))
    func settings() throws {
        try Self.withFile([[Float](repeating: 0.01, count: 32_000)], rate: 16_000) { path in
            let clip = try ClipSound(path: path, frameDurationNanoseconds: 100_000_000, frameCount: nil)
            let isSounding = { (frame: UInt64) in try clip.hear(frame: frame, at: MonoTime(nanoseconds: 0)).audio.isSounding }
            #expect(try isSounding(1))
            clip.hearing.openLevel = -30
            clip.hearing.closeLevel = -39
            clip.hearing.holdMilliseconds = 100
            #expect(try isSounding(2) && !isSounding(3))
            clip.hearing.openLevel = -40.1
            #expect(try isSounding(4))
        }
    }
}
