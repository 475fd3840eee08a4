import AuralCapture
import AuralCore
import AuralTesting
import Foundation
import Testing

@Suite struct MicrophoneWindowTests {
    /// Three seconds of 1 kHz in two channels, sample n at 10 s + n ms: at half scale in the second second, otherwise silent.
    private func stream() -> SoundStream {
        let ring = SampleRing(channels: 2, sampleRate: 1000, seconds: 4, startingAt: 500)
        var clock = SampleClock(nominalRate: 1000)
        let stream = SoundStream(generation: 0, ring: ring)
        for step in 0..<300 as Range<Int64> {
            let value: Float = (100..<200).contains(step) ? 0.5 : 0
            ring.append([Float](repeating: value, count: 20).span)
            _ = clock.observe(sample: ring.written, at: MonoTime(nanoseconds: 10_000_000_000 + ring.written * 1_000_000))
        }
        stream.clock.publish(clock.reading)
        return stream
    }

    /// Milliseconds after sample 0.
    private func time(_ milliseconds: Int64) -> MonoTime { MonoTime(nanoseconds: 10_000_000_000 + milliseconds * 1_000_000) }

    @Test(
        "the second that ends at the frame, clamped to what has been heard",
        arguments: [
            (2500, 1500..<2500, -6.0206, 0), (2000, 1000..<2000, -9.0309, 0), (1000, 500..<1000, -120, 0), (500, 500..<500, -120, 0),
            (0, 500..<500, -120, 0), (3500, 2500..<3500, -120, 0), (3700, 2500..<3500, -120, 200), (3000, 2000..<3000, -9.0309, 0),
        ] as [(Int64, Range<Int64>, Double, Int64)])
    func windows(milliseconds: Int64, range: Range<Int64>, level: Double, ahead: Int64) throws {
        let window = try #require(stream().window(at: time(milliseconds), now: time(3600)))
        #expect(window.range == range)
        #expect(abs(window.level - level) < 1e-3)
        #expect(window.ahead == ahead && window.missing == 0 && window.lost == 0)
        #expect(window.newestAge == 100_000_000)
    }

    @Test("sound that arrives later than its picture is looked for later")
    func offset() throws {
        let window = try #require(stream().window(at: time(2400), offsetNanoseconds: 100_000_000, now: time(3400)))
        #expect(window.range == 1500..<2500 && window.newestAge == 0)
    }

    @Test("gaps are counted and not heard; what was overwritten is lost")
    func gaps() throws {
        let stream = stream()
        stream.ring.skip(500)
        stream.ring.append([Float](repeating: 0.5, count: 1000).span)
        let window = try #require(stream.window(at: time(4500), now: time(4500)))
        #expect(window.range == 3500..<4500 && window.missing == 500)
        #expect(abs(window.level + 6.0206) < 1e-3)
        stream.ring.append([Float](repeating: 0.5, count: 2 * 2596).span)
        // The ring holds 4096: everything before 3000 is gone.
        let late = try #require(stream.window(at: time(3500), now: time(7096)))
        #expect(late.range == 3000..<3500 && late.lost == 500 && late.level == AudioLevel.floor)
        let gone = try #require(stream.window(at: time(2500), now: time(7096)))
        #expect(gone.range.isEmpty && gone.lost == 1000 && gone.level == AudioLevel.floor)
    }

    @Test("its samples are copied channel by channel")
    func copy() throws {
        let stream = stream()
        let window = try #require(stream.window(at: time(1600), now: time(3500)))
        var samples = [Float](repeating: -1, count: 2 * window.range.count)
        var span = samples.mutableSpan
        let result = stream.copy(window, into: &span)
        #expect(result.range == window.range && result.lost == 0)
        let channel = window.range.map { Float($0 < 1500 ? 0 : 0.5) }
        #expect(samples == channel + channel)
        let level = AudioLevel.decibels(of: [samples])
        #expect(abs(level - window.level) < 1e-9)
    }

    @Test("before the first sound there is no window; absurd times do no harm")
    func absurd() throws {
        let empty = SoundStream(generation: 0, ring: SampleRing(channels: 1, sampleRate: 8000))
        #expect(empty.window(at: time(0), now: time(0)) == nil)
        for nanoseconds in [Int64.min, -1, 0, .max] {
            let window = try #require(stream().window(at: MonoTime(nanoseconds: nanoseconds), offsetNanoseconds: .max, now: time(0)))
            #expect(window.range.count <= 1000 && window.newestAge == 0)
        }
    }
}
