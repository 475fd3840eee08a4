import AuralCore
import Testing

@Suite struct SampleClockRuleTests {
    private let second: Int64 = 1_000_000_000

    /// A clock that has seen an exact card of 1 kHz for some seconds: sample n at n ms.
    private func exact(seconds: Int64) -> SampleClock {
        var clock = SampleClock(nominalRate: 1000)
        for step in 0...(seconds * 50) {
            #expect(clock.observe(sample: step * 20, at: MonoTime(nanoseconds: step * 20_000_000)) == .followed)
        }
        return clock
    }

    @Test("before the first observation it knows nothing, after it it goes by the nominal rate")
    func beginning() {
        var clock = SampleClock(nominalRate: 1000)
        #expect(clock.reading == nil && clock.time(ofSample: 0) == nil && clock.sample(at: MonoTime(nanoseconds: 0)) == nil)
        #expect(clock.observe(sample: 100, at: MonoTime(nanoseconds: second)) == .followed)
        #expect(clock.time(ofSample: 600) == MonoTime(nanoseconds: second * 3 / 2))
        #expect(clock.sample(at: MonoTime(nanoseconds: 0)) == -900)
        #expect(clock.ppm == 0 && !clock.isLocked)
    }

    @Test("an exact card is locked after a second")
    func exactCard() {
        let clock = exact(seconds: 2)
        #expect(clock.isLocked && abs(clock.ppm) < 0.01)
        #expect(clock.time(ofSample: 5000) == MonoTime(nanoseconds: 5 * second))
        #expect(clock.sample(at: MonoTime(nanoseconds: 5 * second + 400_000)) == 5000)
    }

    @Test("what is no news changes nothing", arguments: [Int64(2000), 1999, -5, .min])
    func noNews(sample: Int64) {
        var clock = exact(seconds: 2)
        let before = clock.reading
        #expect(clock.observe(sample: sample, at: MonoTime(nanoseconds: second * 9)) == .followed)
        #expect(clock.reading == before)
    }

    @Test("one late wake-up is ignored")
    func lateWake() throws {
        var clock = exact(seconds: 2)
        #expect(clock.observe(sample: 2020, at: MonoTime(nanoseconds: 2_420_000_000)) == .followed)
        #expect(clock.observe(sample: 2440, at: MonoTime(nanoseconds: 2_440_000_000)) == .followed)
        let error = try #require(clock.time(ofSample: 3000)).nanoseconds(since: MonoTime(nanoseconds: 3 * second))
        #expect(abs(error) < 1_000_000)
    }

    @Test("a late first wake-up is corrected at once: nothing is heard before it was taken")
    func lateBeginning() throws {
        var clock = SampleClock(nominalRate: 1000)
        #expect(clock.observe(sample: 20, at: MonoTime(nanoseconds: 320_000_000)) == .followed)
        #expect(clock.observe(sample: 340, at: MonoTime(nanoseconds: 340_000_000)) == .early)
        #expect(clock.time(ofSample: 340) == MonoTime(nanoseconds: 340_000_000))
    }

    @Test("samples that stay late were lost, and are counted after half a second")
    func lost() {
        var clock = exact(seconds: 2)
        var outcome = SampleClock.Outcome.followed
        var step: Int64 = 100
        while outcome == .followed, step < 200 {
            step += 1
            outcome = clock.observe(sample: step * 20, at: MonoTime(nanoseconds: step * 20_000_000 + 80_000_000))
        }
        #expect(outcome == .late(samples: 80))
        #expect(step == 126)
        clock.skipped()
        #expect(clock.observe(sample: step * 20 + 100, at: MonoTime(nanoseconds: step * 20_000_000 + 100_000_000)) == .followed)
        #expect(clock.time(ofSample: 5000) == MonoTime(nanoseconds: 5 * second))
    }

    @Test("after a gap the rate is kept, and the time is learnt again")
    func gap() throws {
        var clock = exact(seconds: 10)
        clock.skipped()
        // From now on everything is 4 ms late.
        for step in 1000...1100 as ClosedRange<Int64> {
            _ = clock.observe(sample: step * 20, at: MonoTime(nanoseconds: step * 20_000_000 + 4_000_000))
        }
        #expect(abs(clock.ppm) < 1)
        let late = try #require(clock.time(ofSample: 22_000)).nanoseconds(since: MonoTime(nanoseconds: 22 * second))
        #expect(late > 2_500_000 && late <= 4_100_000)
    }

    @Test("a device that was opened anew is learnt anew")
    func reopening() {
        var clock = exact(seconds: 2)
        clock.reopened()
        #expect(!clock.isLocked && clock.reading == nil)
        #expect(clock.observe(sample: 9000, at: MonoTime(nanoseconds: 77 * second)) == .followed)
        #expect(clock.time(ofSample: 9000) == MonoTime(nanoseconds: 77 * second))
    }

    @Test("no input makes it stop", .timeLimit(.minutes(5)), arguments: 0..<20 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var clock = SampleClock(nominalRate: seed % 3 == 0 ? 0 : Int(truncatingIfNeeded: random.next() >> (random.next() % 64)))
        func number() -> Int64 { Int64(bitPattern: random.next()) >> Int64(random.next() % 64) }
        for _ in 0..<1000 {
            _ = clock.observe(sample: number(), at: MonoTime(nanoseconds: number()))
            if random.next() % 50 == 0 { clock.skipped() }
            if random.next() % 90 == 0 { clock.reopened() }
            _ = clock.time(ofSample: number())
            _ = clock.sample(at: MonoTime(nanoseconds: number()))
            if !clock.ppm.isFinite { Issue.record("\(clock.ppm) ppm") }
        }
    }

    @Test("others see the newest reading")
    func publishing() {
        let publisher = SampleClockPublisher()
        #expect(publisher.reading == nil)
        let clock = exact(seconds: 2)
        publisher.publish(clock.reading)
        #expect(publisher.reading?.time(ofSample: 2500) == MonoTime(nanoseconds: 2_500_000_000))
        #expect(publisher.reading?.sample(at: MonoTime(nanoseconds: .max)) == 9_223_372_036_855)
        #expect(publisher.reading?.time(ofSample: .max) == MonoTime(nanoseconds: .max))
    }
}
