import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Testing

@testable import AuralService

@Suite struct SoundPieceTests {
    private func samples(_ pieces: [SoundPiece]) -> [Int16] {
        pieces.flatMap { piece in
            stride(from: 0, to: piece.samples.count - 1, by: 2).map { place in
                Int16(truncatingIfNeeded: Int(piece.samples[place]) | Int(piece.samples[place + 1]) << 8)
            }
        }
    }

    private func frame(_ sequence: UInt64, at milliseconds: Int64) throws -> Frame {
        Frame(
            sequence: sequence, time: MonoTime(nanoseconds: milliseconds * 1_000_000), image: try #require(RGBImage(width: 1, height: 1)))
    }

    @Test("float samples become 16 bits, interleaved, and saturate")
    func conversion() {
        let values: [Float] = [0, 0.5, 1, -1, -0.5, 0, 1 / 32_768, .nan]
        let piece = SoundPiece(first: 7, time: MonoTime(nanoseconds: 1), rate: 8000, channels: 2, count: 4, stride: 4, values.span)
        #expect(samples([piece]) == [0, -16_384, 16_384, 0, 32_767, 1, -32_768, 0])
        let record = piece.record(sequence: 3)
        #expect(record.first == 7 && record.rate == 8000 && record.channels == 2 && record.sequence == 3 && record.format == "s16le")
    }

    @Test("a microphone's sound comes in pieces that follow each other, from a second before the first frame on, and leaps where it was overwritten")
    func live() throws {
        let ring = SampleRing(channels: 1, sampleRate: 1000, seconds: 2)
        var clock = SampleClock(nominalRate: 1000)
        let stream = SoundStream(generation: 0, ring: ring)
        var written = 0
        func hear(_ count: Int) {
            for _ in 0..<(count / 10) {
                let period = (0..<10).map { Float(written + $0) / 32_768 }
                ring.append(period.span)
                written += 10
                _ = clock.observe(sample: Int64(written), at: MonoTime(nanoseconds: Int64(written) * 1_000_000))
            }
            stream.clock.publish(clock.reading)
        }
        let sound = LiveSound(offset: .init(0)) { stream }
        let deaf = LiveSound(offset: .init(0)) { nil }
        let start = try frame(0, at: 0)
        #expect(deaf.pieces(for: start).isEmpty)
        hear(1000)
        #expect(samples(sound.pieces(for: try frame(0, at: 900))) == (0..<1000).map { Int16($0) })
        #expect(sound.pieces(for: try frame(1, at: 1000)).isEmpty)
        hear(500)
        let pieces = sound.pieces(for: try frame(2, at: 1100))
        #expect(pieces.map(\.first) == [1000] && samples(pieces) == (1000..<1500).map { Int16($0) })
        #expect(abs(pieces[0].time.nanoseconds - 1_000_000_000) < 2_000_000)
        // More than the ring holds.
        hear(5000)
        let late = sound.pieces(for: try frame(3, at: 6000))
        let first = try #require(late.first).first
        #expect(first > 1500 && samples(late) == (Int(first)..<6500).map { Int16($0) })
        sound.forgetPieces()
        hear(1000)
        #expect(sound.pieces(for: try frame(4, at: 7400)).map(\.first) == [6400])
    }

    @Test("a long pause of the pipeline is told in pieces that fit into a line")
    func long() throws {
        let ring = SampleRing(channels: 2, sampleRate: 48_000, seconds: 4)
        var clock = SampleClock(nominalRate: 48_000)
        let stream = SoundStream(generation: 0, ring: ring)
        _ = clock.observe(sample: 0, at: MonoTime(nanoseconds: 0))
        let tone = [Float](repeating: 0.25, count: 2 * 144_000)
        ring.append(tone.span)
        _ = clock.observe(sample: 144_000, at: MonoTime(nanoseconds: 3_000_000_000))
        stream.clock.publish(clock.reading)
        let sound = LiveSound(offset: .init(0)) { stream }
        let pieces = sound.pieces(for: try frame(0, at: 0))
        #expect(pieces.count >= 2 && pieces.allSatisfy { $0.record(sequence: 0).encoded().count < 1 << 20 })
        #expect(pieces.dropFirst().map(\.first) == pieces.dropLast().map { $0.first + Int64($0.samples.count / 4) })
        let last = try #require(pieces.last)
        #expect(last.first + Int64(last.samples.count / 4) == 144_000)
    }

    @Test("a clip's sound is that of its frames, also of those that nobody looked at; it goes on over passes and is silent after its end")
    func clip() throws {
        let values = (0..<900).map { Float($0) / 32_768 }
        try ClipSoundTests.withFile([values], rate: 8000) { path in
            // 100 samples a frame; ten frames are a pass, one more than there is sound for.
            let clip = try ClipSound(path: path, frameDurationNanoseconds: 12_500_000, frameCount: 10)
            let first = try clip.pieces(for: frame(2, at: 25))
            #expect(samples(first) == (0..<300).map { Int16($0) } && first.map(\.first) == [0, 100, 200])
            let skipped = try clip.pieces(for: frame(5, at: 63))
            #expect(samples(skipped) == (300..<600).map { Int16($0) } && skipped.map(\.first) == [300, 400, 500])
            let over = try clip.pieces(for: frame(11, at: 138))
            #expect(samples(over) == (600..<900).map { Int16($0) } + [Int16](repeating: 0, count: 100) + (0..<200).map { Int16($0) })
            #expect(over.last?.first == 1100)
            clip.forgetPieces()
            let again = try clip.pieces(for: frame(20, at: 250))
            #expect(again.count == 21 && samples(again).suffix(100) == (0..<100).map { Int16($0) })
            // A source that goes back tells nothing twice.
            #expect(try clip.pieces(for: frame(3, at: 40)).isEmpty)
        }
    }

    @Test(
        "a clip's pieces fit together over passes of any length, and long frames come in several",
        arguments: [(30.0, 16_000, 100), (24, 44_100, 241), (29.97, 48_000, 299), (0.5, 96_000, 2)])
    func seams(fps: Double, rate: Int, frames: Int) throws {
        try ClipSoundTests.withFile([[Float](repeating: 0.1, count: 8000)], rate: rate) { path in
            let duration = Int64(1e9 / fps)
            let clip = try ClipSound(path: path, frameDurationNanoseconds: duration, frameCount: frames)
            var next: Int64?
            for number in 0..<UInt64(3 * frames) {
                let frame = Frame(
                    sequence: number, time: MonoTime(nanoseconds: Int64(number) * duration), image: try #require(RGBImage(width: 1, height: 1)))
                for piece in try clip.pieces(for: frame) {
                    #expect(next == nil || piece.first == next, "frame \(number)")
                    #expect(piece.samples.count <= 2 * SoundPiece.longest)
                    next = piece.first + Int64(piece.samples.count / 2)
                }
            }
            let expected = 3 * (Double(frames) * Double(duration) / 1e9 * Double(rate)).rounded()
            #expect(next == Int64(expected))
        }
    }
}
