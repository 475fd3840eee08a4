import AuralCore
import Foundation
import Testing

@Suite struct SampleClockTests {
    /// A simulated card, and how exactly one sees it.
    struct Card: Sendable, CustomTestStringConvertible {
        var ppm: Double
        var name: String
        /// Deviation from the true time of each observation, in milliseconds.
        var jitter: ClosedRange<Double> = 0...0
        /// A change of `ppm` and back within 20 minutes: a card that warms up and cools down.
        var drift = 0.0
        /// Every so many seconds samples are lost for up to a second.
        var xrunEvery: Double?
        /// One wake-up in a thousand comes up to so many milliseconds late.
        var stall = 0.0
        var period = 960
        var testDescription: String { "\(name), \(ppm) ppm" }
    }

    static let cards: [Card] =
        [-10_000.0, 200, -200].flatMap { ppm in
            [
                Card(ppm: ppm, name: "exact stamps"),
                Card(ppm: ppm, name: "jitter of ±5 ms", jitter: -5...5),
                Card(ppm: ppm, name: "up to 5 ms late", jitter: 0...5),
                Card(ppm: ppm, name: "±5 ms and xruns", jitter: -5...5, xrunEvery: 37),
                Card(ppm: ppm, name: "±5 ms, some 400 ms late", jitter: -5...5, stall: 400),
                Card(ppm: ppm, name: "±5 ms, temperature", jitter: -5...5, drift: 20),
                Card(ppm: ppm, name: "±5 ms, periods of 50 ms", jitter: -5...5, period: 2400),
            ]
        } + [
            Card(ppm: 0, name: "jitter of ±5 ms", jitter: -5...5), Card(ppm: 10_000, name: "jitter of ±5 ms", jitter: -5...5),
            Card(ppm: 200, name: "up to 5 ms late, periods of 5 ms", jitter: 0...5, period: 240),
        ]

    struct Outcome {
        var worst = 0.0
        var worstRate = 0.0
        var lockedAfter: Double?
        var unlocked = 0.0
        var rateIsGood = true
        var backwards = 0
    }

    /// One simulated hour.
    private func simulate(_ card: Card, hours: Double = 1) -> Outcome {
        var random = SplitMix64(seedName: card.testDescription)
        func uniform(_ range: ClosedRange<Double>) -> Double {
            range.lowerBound + (random.unit() + 1) / 2 * (range.upperBound - range.lowerBound)
        }
        var clock = SampleClock(nominalRate: 48_000)
        var outcome = Outcome()
        let origin = 5e12
        var (true0, index, nextXrun) = (0.0, Int64(1_000_000), card.xrunEvery ?? .infinity)
        var last = MonoTime(nanoseconds: 0)
        while true0 < hours * 3600 {
            let ppm = card.ppm + card.drift * sin(2 * .pi * true0 / 1200)
            let rate = 48_000 * (1 + ppm * 1e-6)
            true0 += Double(card.period) / rate
            index += Int64(card.period)
            if true0 >= nextXrun {
                // The true gap; what is skipped is what the clock says about the first observation after it.
                nextXrun += card.xrunEvery ?? 0
                true0 += uniform(0...1)
                let seen = MonoTime(nanoseconds: Int64(origin + true0 * 1e9 + uniform(card.jitter) * 1e6))
                if let expected = clock.sample(at: seen) { index += max(0, expected - index) }
                clock.skipped()
            }
            let late = card.stall > 0 && random.next() % 1000 == 0 ? uniform(0...card.stall) : 0
            let observed = MonoTime(nanoseconds: Int64(origin + true0 * 1e9 + (uniform(card.jitter) + late) * 1e6))
            if case .late(let samples) = clock.observe(sample: index, at: observed) {
                index += samples
                clock.skipped()
            }
            guard true0 > 2, let time = clock.time(ofSample: index) else { continue }
            let error = (Double(time.nanoseconds) - origin) * 1e-6 - true0 * 1e3
            outcome.worst = max(outcome.worst, abs(error))
            if time < last { outcome.backwards += 1 }
            last = time
            if clock.isLocked {
                outcome.lockedAfter = outcome.lockedAfter ?? true0
                let off = abs(clock.ppm - ppm)
                outcome.worstRate = max(outcome.worstRate, off)
                if off > 0.05 * abs(ppm) + 10 { outcome.rateIsGood = false }
            } else if outcome.lockedAfter != nil {
                outcome.unlocked += Double(card.period) / rate
            }
        }
        return outcome
    }

    @Test("within 20 ms over a simulated hour, and the rate is right once it is locked", .timeLimit(.minutes(5)), arguments: cards)
    func hour(card: Card) {
        let outcome = simulate(card)
        let lock = outcome.lockedAfter.map { String(format: "%.1f s", $0) } ?? "never"
        print(
            "clock: \(card.testDescription): at most \(String(format: "%.2f", outcome.worst)) ms off, locked after \(lock), then at most "
                + "\(String(format: "%.1f", outcome.worstRate)) ppm off")
        #expect(outcome.worst <= 20)
        #expect(outcome.rateIsGood)
        #expect(outcome.backwards == 0)
        #expect((outcome.lockedAfter ?? .infinity) < 240)
        // Once locked it stays so.
        #expect(outcome.unlocked < 60)
    }
}
