import AuralCore
import Foundation
import Testing

@testable import AuralHearing

@Suite struct ResamplerTests {
    private static let rates = [4_000, 8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000, 384_000]

    /// What comes out of two channels that are given in blocks.
    private func resample(_ left: [Float], _ right: [Float], rate: Int, cut: () -> Int = { .max }) throws -> [[Float]] {
        let resampler = try Resampler(sourceRate: rate)
        var result: [[Float]] = [[], []]
        func take(_ left: Span<Float>, _ right: Span<Float>) {
            for index in left.indices { result[0].append(left[index]) }
            for index in right.indices { result[1].append(right[index]) }
        }
        var done = 0
        while done < left.count {
            let count = min(max(1, cut()), left.count - done)
            try resampler.process(left.span.extracting(done..<(done + count)), right.span.extracting(done..<(done + count)), sink: take)
            done += count
        }
        try resampler.finish(sink: take)
        return result
    }

    @Test("what comes out does not depend on how it is cut into blocks", .timeLimit(.minutes(5)), arguments: rates)
    func blocks(rate: Int) throws {
        let (left, right) = (Sound.noise(rate / 2 + 77, seed: 3), Sound.noise(rate / 2 + 77, seed: 4))
        let whole = try resample(left, right, rate: rate)
        #expect(abs(Double(whole[0].count) - Double(left.count) * 16_000 / Double(rate)) <= 1 && whole[0].count == whole[1].count)
        var random = SplitMix64(seed: UInt64(rate))
        for largest in [1, 7, 480, 5_000] as [UInt64] where largest > 1 || rate < 48_000 {
            let pieces = try resample(left, right, rate: rate) { Int(1 + random.next() % largest) }
            #expect(zip(pieces, whole).allSatisfy { Sound.difference($0, $1) == 0 }, "blocks of at most \(largest)")
        }
    }

    @Test("sound at 16 kHz passes unchanged", .timeLimit(.minutes(5)))
    func unchanged() throws {
        let (left, right) = (Sound.noise(12_345, seed: 5), Sound.noise(12_345, seed: 6))
        var random = SplitMix64(seed: 7)
        let result = try resample(left, right, rate: 16_000) { Int(random.next() % 4_000) }
        #expect(Sound.difference(result[0], left) == 0 && Sound.difference(result[1], right) == 0)
    }

    @Test("a sine stays a sine, at its time, and the channels stay apart", .timeLimit(.minutes(5)), arguments: rates)
    func sine(rate: Int) throws {
        let frequency = 1000.0
        let sine = Sound.sine(frequency, rate: rate, count: rate)
        let result = try resample(sine, [Float](repeating: 0, count: rate), rate: rate) { rate / 50 }
        let expected = Sound.sine(frequency, rate: 16_000, count: 16_000)
        // The filter needs some sound before and after.
        let middle = 1_000..<15_000
        #expect(Sound.difference(Array(result[0][middle]), Array(expected[middle])) < 2e-5)
        #expect(result[1].allSatisfy { $0 == 0 })
    }

    @Test("what 16 kHz cannot hold is gone, what the networks hear stays", .timeLimit(.minutes(5)), arguments: [44_100, 48_000, 96_000, 192_000])
    func band(rate: Int) throws {
        let silence = [Float](repeating: 0, count: rate)
        for (frequency, level) in [(50.0, 1.0), (5_000, 1), (7_450, 1), (8_600, 0), (10_000, 0), (15_000, 0), (20_000, 0)] {
            let result = try resample(Sound.sine(frequency, rate: rate, count: rate), silence, rate: rate)[0][2_000..<14_000]
            let energy = result.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(result.count)
            #expect(abs((2 * energy).squareRoot() - level) < 2e-3, "\(frequency) Hz")
        }
    }

    @Test("numbers that are none, infinite or huge do not reach others", .timeLimit(.minutes(5)), arguments: rates)
    func bad(rate: Int) throws {
        var sound = Sound.noise(rate, seed: 8)
        for (place, value) in [Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30].enumerated() {
            sound[rate / 10 * (place + 1)] = value
        }
        let result = try resample(sound, sound, rate: rate)
        #expect(result[0].allSatisfy { $0.isFinite && abs($0) < 1_000 })
        let clean = Array(result[0].suffix(3_000))
        #expect(clean.allSatisfy { abs($0) < 3 }, "after a moment it is over")
    }

    @Test("rates out of range are refused", .timeLimit(.minutes(5)), arguments: [Int.min, 0, 3_999, 384_001, Int.max])
    func refused(rate: Int) {
        let error = #expect(throws: HearingError.self) { try Resampler(sourceRate: rate) }
        #expect(error?.code == .unsupportedRate && error?.description.contains("\(rate)") == true)
    }
}
