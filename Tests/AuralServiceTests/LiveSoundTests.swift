import AuralCapture
import AuralCore
import AuralWire
import Testing

@testable import AuralService

@Suite struct LiveSoundTests {
    private func time(_ milliseconds: Int64) -> MonoTime { MonoTime(nanoseconds: 10_000_000_000 + milliseconds * 1_000_000) }

    /// Three seconds at 1 kHz from time 0 on; the last one is at half scale.
    private var stream: SoundStream {
        let ring = SampleRing(channels: 1, sampleRate: 1000, seconds: 4)
        var clock = SampleClock(nominalRate: 1000)
        let stream = SoundStream(generation: 0, ring: ring)
        for step in 0..<150 {
            ring.append([Float](repeating: step < 100 ? 0 : 0.5, count: 20).span)
            _ = clock.observe(sample: ring.written, at: time(ring.written))
        }
        stream.clock.publish(clock.reading)
        return stream
    }

    private func frame(_ milliseconds: Int64) throws -> Frame {
        Frame(sequence: 0, time: time(milliseconds), image: try #require(RGBImage(width: 1, height: 1)))
    }

    @Test(
        "a frame has the level of its second, also where some of it is still to come, and none where all of it is",
        arguments: [
            (2000, 0, -120, nil), (3000, 0, -6.0206, nil), (2500, 500, -6.0206, nil), (3500, -500, -6.0206, nil), (3400, 0, -6.0206, 400),
            (3999, 0, -6.0206, 999), (4000, 0, nil, nil), (600_000, 0, nil, nil), (3000, 1000, nil, nil),
        ] as [(Int64, Int64, Double?, Double?)])
    func level(frame milliseconds: Int64, offset: Int64, level: Double?, late: Double?) throws {
        let stream = stream
        let sound = LiveSound(offset: .init(offset * 1_000_000), clock: ManualClock(seconds: 700)) { stream }
        let audio = sound.level(of: try frame(milliseconds))
        #expect((audio == nil) == (level == nil))
        if let audio, let level { #expect(abs(audio.rmsDBFS - level) < 0.01 && audio.lateMilliseconds == late) }
    }

    @Test("no microphone yet, or one that has not heard anything, gives no level; the offset may change at any time")
    func none() throws {
        let offset = LiveSound.Offset(0)
        #expect(LiveSound(offset: offset) { nil }.level(of: try frame(0)) == nil)
        let silent = SoundStream(generation: 0, ring: SampleRing(channels: 1, sampleRate: 1000, seconds: 1))
        #expect(LiveSound(offset: offset) { silent }.level(of: try frame(0)) == nil)
        let stream = stream
        let sound = LiveSound(offset: offset) { stream }
        #expect(try sound.level(of: frame(2000))?.rmsDBFS == -120)
        offset.nanoseconds = 1_000_000_000
        #expect(try #require(sound.level(of: frame(2000))).rmsDBFS > -7)
    }
}
