import AuralCapture
import AuralCore
import AuralHearing
import AuralWire
import Synchronization
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
        let audio = sound.hear(try frame(milliseconds), needsSegment: false)?.audio
        #expect((audio == nil) == (level == nil))
        if let audio, let level { #expect(abs(audio.rmsDBFS - level) < 0.01 && audio.lateMilliseconds == late) }
    }

    @Test("no microphone yet, or one that has not heard anything, gives no level; the offset may change at any time")
    func none() throws {
        let offset = LiveSound.Offset(0)
        #expect(LiveSound(offset: offset) { nil }.hear(try frame(0), needsSegment: true) == nil)
        let silent = SoundStream(generation: 0, ring: SampleRing(channels: 1, sampleRate: 1000, seconds: 1))
        #expect(LiveSound(offset: offset) { silent }.hear(try frame(0), needsSegment: true) == nil)
        let stream = stream
        let sound = LiveSound(offset: offset) { stream }
        #expect(try sound.hear(frame(2000), needsSegment: false)?.audio.rmsDBFS == -120)
        offset.nanoseconds = 1_000_000_000
        #expect(try #require(sound.hear(frame(2000), needsSegment: false)).audio.rmsDBFS > -7)
    }

    /// A microphone at 48 kHz whose first sample is taken at time 0, and what it has heard.
    private struct Ear {
        let stream: SoundStream
        var clock: SampleClock
        var heard: [[Float]] = [[], []]

        init(generation: Int = 0, rate: Int = 48_000, startingAt start: Int64 = 0) {
            stream = SoundStream(generation: generation, ring: SampleRing(channels: 2, sampleRate: rate, seconds: 4, startingAt: start))
            clock = SampleClock(nominalRate: rate)
        }

        /// Hears `milliseconds` more of noise, in periods of 10 ms.
        mutating func hear(_ milliseconds: Int, amplitude: Float = 0.3) {
            var random = SplitMix64(seed: UInt64(heard[0].count))
            let ring = stream.ring
            for _ in 0..<(milliseconds / 10) {
                let period = (0..<(ring.sampleRate / 50)).map { _ in amplitude * Float(random.unit()) }
                ring.append(period.span)
                for (index, sample) in period.enumerated() { heard[index % 2].append(sample) }
                let time = MonoTime(nanoseconds: 10_000_000_000 + ring.written * 1_000_000_000 / Int64(ring.sampleRate))
                _ = clock.observe(sample: ring.written, at: time)
            }
            stream.clock.publish(clock.reading)
        }

        /// What a window that has heard everything says of a time.
        func segment(at time: MonoTime) throws -> (values: [Float], behind: Int64) {
            let window = SegmentWindow()
            let (left, right) = (heard[0], heard[1])
            try window.append(left.span, right.span, at: stream.ring.start, rate: stream.ring.sampleRate)
            var values: [Float] = []
            let extent = window.segment(endingAtSample: try #require(stream.clock.reading).sample(at: time), into: &values)
            return (values, extent.behind)
        }
    }

    @Test("a frame's segment is that of the sound before it, also when it is asked for again, and ends at the grid", .timeLimit(.minutes(5)))
    func segments() throws {
        var ear = Ear()
        ear.hear(400)
        let stream = ear.stream
        let sound = LiveSound(offset: .init(0), clock: ManualClock(seconds: 700)) { stream }
        for step in 0..<60 {
            let frame = try frame(Int64(410 + 40 * step))
            // Sound is 10 ms late at first; then the networks take their time.
            let early = try #require(sound.hear(frame, needsSegment: true)?.segment)
            #expect(early.end < frame.time)
            ear.hear(40)
            guard step % 3 > 0 else { continue }
            let heard = try #require(sound.hear(frame, needsSegment: true))
            let segment = try #require(heard.segment)
            let expected = try ear.segment(at: frame.time)
            let isSame = segment.logMel == expected.values
            #expect(isSame && segment.isSounding && heard.audio.isSounding && segment.end >= early.end)
            #expect(frame.time.nanoseconds(since: segment.end) <= 10_100_000 && expected.behind <= 485, "the grid")
        }
    }

    @Test("frames that do not need a segment leave none to be made up later, and seconds without frames cost two at most", .timeLimit(.minutes(5)))
    func rarely() throws {
        var ear = Ear()
        ear.hear(1_500)
        let stream = ear.stream
        let sound = LiveSound(offset: .init(0), clock: ManualClock(seconds: 700)) { stream }
        for (until, isSounding) in [(1_000, true), (1_300, true), (7_000, true), (7_100, true), (15_000, true)] {
            while ear.heard[0].count < 48 * (until + 100) { ear.hear(100) }
            let segment = try #require(sound.hear(try frame(Int64(until)), needsSegment: true)?.segment)
            let expected = try ear.segment(at: time(Int64(until)))
            // The grid begins where reading began, so that only its place differs.
            #expect(segment.isSounding == isSounding && time(Int64(until)).nanoseconds(since: segment.end) <= 10_100_000)
            let difference = zip(segment.logMel, expected.values).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(segment.logMel.count)
            #expect(difference < 0.7, "another 10 ms of noise: \(difference)")
            #expect(!segment.logMel.contains(LogMelSpectrogram.silence), "heard to its beginning")
        }
        #expect(try #require(sound.hear(try frame(15_000), needsSegment: false)).segment == nil)
    }

    @Test("a microphone that comes back is heard anew, at any rate; one that cannot be resampled gives levels alone", .timeLimit(.minutes(5)))
    func generations() throws {
        var (first, second, odd) = (Ear(), Ear(generation: 1, rate: 16_000, startingAt: 9_600), Ear(generation: 2, rate: 2_000))
        first.hear(2_000)
        second.hear(300)
        odd.hear(2_000)
        let streams = [first.stream, second.stream, odd.stream]
        let current = Mutex(0)
        let sound = LiveSound(offset: .init(0), clock: ManualClock(seconds: 700)) { current.withLock { streams[$0] } }
        let whole = try #require(sound.hear(try frame(1_900), needsSegment: true)?.segment)
        #expect(!whole.logMel.contains(LogMelSpectrogram.silence))
        current.withLock { $0 = 1 }
        // Its sample 9,600 was taken at 600 ms; at 850 ms a quarter of a second was heard.
        let frame = try frame(850)
        let part = try #require(sound.hear(frame, needsSegment: true)?.segment)
        let expected = try second.segment(at: frame.time)
        let isSame = part.logMel == expected.values
        #expect(isSame && part.logMel.count { $0 == LogMelSpectrogram.silence } == 2 * 64 * (96 - 23))
        current.withLock { $0 = 2 }
        let heard = try #require(sound.hear(try self.frame(1_900), needsSegment: true))
        #expect(heard.segment == nil && heard.audio.rmsDBFS > -20 && heard.audio.isSounding)
    }

    @Test("a frame opens the gate by the sound before it, whenever that comes; without sound it closes after the hold", .timeLimit(.minutes(5)))
    func gate() throws {
        var ear = Ear()
        ear.hear(1_000, amplitude: 0.0001)
        let stream = ear.stream
        let isThere = Mutex(true)
        let sound = LiveSound(offset: .init(0), clock: ManualClock(seconds: 700)) { isThere.withLock { $0 } ? stream : nil }
        func isSounding(_ milliseconds: Int64) throws -> Bool? { sound.hear(try frame(milliseconds), needsSegment: false)?.audio.isSounding }
        #expect(try isSounding(900) == false)
        #expect(try isSounding(1_100) == false, "what was loud since has not come yet")
        ear.hear(400)
        #expect(try isSounding(1_100) == true)
        ear.hear(2_000, amplitude: 0.0001)
        #expect(try isSounding(1_590) == true && isSounding(1_650) == true)
        // Asked twice, the hold counts once: it is quiet from 1650 on.
        #expect(try isSounding(1_650) == true && isSounding(2_040) == true && isSounding(2_050) == false && isSounding(2_050) == false)
        sound.hearing.openLevel = -100
        #expect(try isSounding(2_060) == true)
        isThere.withLock { $0 = false }
        #expect(try isSounding(2_070) == nil && isSounding(2_470) == nil)
        isThere.withLock { $0 = true }
        sound.hearing.openLevel = -10
        sound.hearing.closeLevel = -110
        #expect(try isSounding(2_480) == false)
    }
}
