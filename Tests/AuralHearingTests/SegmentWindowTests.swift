import AuralCore
import Foundation
import Testing

@testable import AuralHearing

@Suite struct SegmentWindowTests {
    private static let silent = [Float](repeating: LogMelSpectrogram.silence, count: AudioSegment.valueCount)

    @Test("a segment is the row of the samples before it, however they came", .timeLimit(.minutes(5)))
    func rows() throws {
        let (left, right) = (Sound.noise(40_000, seed: 1), Sound.noise(40_000, seed: 2))
        for largest in [1, 160, 333, 9_000] as [UInt64] {
            let window = SegmentWindow()
            var random = SplitMix64(seed: largest)
            try window.give(left, right, rate: 16_000) { Int(1 + random.next() % largest) }
            #expect(window.next == 40_000)
            // The newest are kept; the grid is 10 ms.
            for end in [40_000, 39_920, 39_919, 30_959, 30_000] {
                let first = (end - 15_600) / 160 * 160
                let row = try AudioRows([left, right].map { Array($0[first..<(first + 15_600)]) }, rate: 16_000)
                let (values, extent) = window.segment(endingAt: Int64(end))
                #expect(Sound.difference(values, row.logMel) == 0, "\(end)")
                #expect(extent == .init(behind: Int64(end - first - 15_600), heard: 96))
            }
        }
    }

    @Test("before a whole segment was heard there is silence in front", .timeLimit(.minutes(5)))
    func beginning() throws {
        let window = SegmentWindow()
        #expect(Sound.difference(window.segment(endingAt: 5_000).values, Self.silent) == 0)
        #expect(window.segment(endingAt: 5_000).extent == .init(behind: 0, heard: 0))
        let noise = Sound.noise(16_000, seed: 3)
        try window.give(noise, noise, at: 1_000_000, rate: 16_000)
        let row = try AudioRows([noise], rate: 16_000).logMel
        for (end, heard) in [(0, 0), (399, 0), (400, 1), (559, 1), (560, 2), (15_599, 95), (15_600, 96)] {
            let (values, extent) = window.segment(endingAt: 1_000_000 + Int64(end))
            #expect(extent.heard == heard, "\(end)")
            for channel in 0..<2 {
                let part = values[(channel * 6_144)..<((channel + 1) * 6_144)]
                #expect(part.dropLast(64 * heard).allSatisfy { $0 == LogMelSpectrogram.silence })
                #expect(Sound.difference(Array(part.suffix(64 * heard)), Array(row[(channel * 6_144)...].prefix(64 * heard))) == 0)
            }
        }
        #expect(window.segment(endingAt: 0).extent == .init(behind: 0, heard: 0), "before the sound began")
        #expect(Sound.difference(window.segment(endingAt: .min).values, Self.silent) == 0)
        #expect(window.segment(endingAt: .max).extent == .init(behind: .max - 1_015_920, heard: 96))
    }

    @Test(
        "at any rate a segment is that of the whole clip resampled, and ends within the grid once the resampler has what it needs",
        .timeLimit(.minutes(5)), arguments: [4_000, 8_000, 11_025, 44_100, 48_000, 96_000, 192_000, 384_000])
    func rates(rate: Int) throws {
        let (left, right) = (Sound.noise(3 * rate, seed: 4), Sound.noise(3 * rate, seed: 5))
        // Two rows of the clip end where the window's columns do.
        let rows = try AudioRows([left, right], rate: rate, count: 2).logMel
        let (one, pieces) = (SegmentWindow(), SegmentWindow())
        let seconds = { (samples: Int) in Int64((Double(samples) * Double(rate) / 16_000).rounded(.up)) }
        var random = SplitMix64(seed: 6)
        var given = 0
        for (row, end) in [(0, seconds(15_600)), (1, seconds(30_960))] {
            // As sound is read for frames: somewhat beyond the one that is asked for.
            let heard = Int(end) + rate / 10
            let (first, second) = (Array(left[given..<heard]), Array(right[given..<heard]))
            try one.give(first, second, at: Int64(given), rate: rate)
            try pieces.give(first, second, at: Int64(given), rate: rate) { Int(1 + random.next() % UInt64(rate / 20)) }
            given = heard
            let (values, extent) = one.segment(endingAt: end)
            #expect(extent == .init(behind: 0, heard: 96))
            #expect(Sound.difference(values, Array(rows[(row * AudioSegment.valueCount)..<((row + 1) * AudioSegment.valueCount)])) == 0)
            let other = pieces.segment(endingAt: end)
            #expect(Sound.difference(values, other.values) == 0 && other.extent == extent)
        }
        #expect(one.segment(endingAt: Int64(given)).extent.behind <= Int64(rate) * 110 / 1_000)
    }

    @Test("a short gap is silence; after a second without sound, another rate or an earlier index it begins anew", .timeLimit(.minutes(5)))
    func gaps() throws {
        let rate = 48_000
        let (before, after) = (Sound.noise(rate, seed: 7), Sound.noise(rate / 2, seed: 8))
        for missing in [1, 480, 30_000, rate - 1] {
            let (gap, filled) = (SegmentWindow(), SegmentWindow())
            try gap.give(before, before, rate: rate)
            try gap.give(after, after, at: Int64(rate + missing), rate: rate)
            let sound = before + [Float](repeating: 0, count: missing) + after
            try filled.give(sound, sound, rate: rate)
            let end = Int64(sound.count)
            let (one, other) = (gap.segment(endingAt: end), filled.segment(endingAt: end))
            #expect(Sound.difference(one.values, other.values) == 0 && one.extent == other.extent && gap.next == filled.next)
        }
        let fresh = SegmentWindow()
        try fresh.give(after, after, at: 500, rate: rate)
        let expected = fresh.segment(endingAt: 500 + Int64(after.count))
        #expect(expected.extent.heard < 96)
        for (index, otherRate) in [(0 as Int64, rate), (-1_000_000, rate), (Int64.max - 100_000, rate), (Int64.min, rate), (500 - 48_000, 44_100)] {
            let window = SegmentWindow()
            try window.give(before, before, at: index, rate: otherRate)
            // Everything there was is a second or more away, later, or at another rate.
            try window.give(after, after, at: index == 0 ? 2 * Int64(rate) : 500, rate: rate)
            let end = (index == 0 ? 2 * Int64(rate) : 500) + Int64(after.count)
            let segment = window.segment(endingAt: end)
            #expect(Sound.difference(segment.values, expected.values) == 0 && segment.extent == expected.extent)
        }
        let window = SegmentWindow()
        try window.give(before, before, rate: rate)
        window.reset()
        #expect(window.next == nil && Sound.difference(window.segment(endingAt: Int64(rate)).values, Self.silent) == 0)
    }

    @Test("a rate that cannot be resampled is refused, and the next good one is heard", .timeLimit(.minutes(5)))
    func refused() throws {
        let window = SegmentWindow()
        let noise = Sound.noise(20_000, seed: 9)
        for rate in [-1, 0, 3_999, 384_001] {
            #expect(throws: HearingError.self) { try window.give(noise, noise, rate: rate) }
            #expect(Sound.difference(window.segment(endingAt: 9).values, Self.silent) == 0)
        }
        try window.give(noise, noise, rate: 16_000)
        #expect(window.segment(endingAt: 20_000).extent.heard == 96)
    }

    @Test("random blocks, gaps, rates and questions do no harm; all is finite", .timeLimit(.minutes(5)), arguments: 0..<4 as Range<UInt64>)
    func fuzz(seed: UInt64) throws {
        var random = SplitMix64(seed: 1_000 + seed)
        func below(_ limit: UInt64) -> Int { Int(random.next() % limit) }
        let rates = [4_000, 8_000, 16_000, 44_100, 48_000, 192_000, 384_000, 0, 3]
        let odd: [Float] = [0, -0.0, 1, -1, .nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1e-37]
        let window = SegmentWindow()
        var (rate, index) = (48_000, Int64(below(1_000)))
        var segment: [Float] = []
        for _ in 0..<400 {
            switch below(30) {
            case 0: rate = rates[below(UInt64(rates.count))]
            case 1: index &+= Int64(truncatingIfNeeded: random.next() >> 1)
            case 2: index &-= Int64(below(100_000))
            case 3...8: index &+= Int64(below(60_000))
            default: break
            }
            let kind = below(4)
            let count = below(kind == 0 ? 20_000 : 3_000)
            let sound = (0..<count).map { _ in kind == 1 ? odd[below(UInt64(odd.count))] : Float(random.unit()) }
            let other = kind == 2 ? Array(sound.dropLast(min(3, count))) : sound
            do throws(HearingError) {
                try window.append(sound.span, other.span, at: index, rate: rate)
            } catch {
                #expect(!Resampler.rates.contains(rate))
            }
            index = window.next ?? index
            let extremes: [Int64] = [.min, .max, 0, index, index &- 1_000, index &+ 1_000]
            let extent = window.segment(endingAtSample: extremes[below(UInt64(extremes.count))], into: &segment)
            #expect(segment.count == AudioSegment.valueCount && !segment.contains { !$0.isFinite })
            #expect((0...96).contains(extent.heard) && extent.behind >= 0)
        }
    }

    @Test("what a column and a segment cost", .timeLimit(.minutes(5)))
    func cost() throws {
        let clock = ContinuousClock()
        for rate in [16_000, 48_000] {
            let noise = Sound.noise(10 * rate, seed: 11)
            let window = SegmentWindow()
            try window.give(noise, noise, rate: rate) { rate / 50 }
            let hearing = try clock.measure { try window.give(noise, noise, at: Int64(10 * rate), rate: rate) { rate / 50 } }
            var segment: [Float] = []
            window.segment(endingAtSample: Int64(20 * rate), into: &segment)
            let asking = clock.measure {
                for back in 0..<1_000 { window.segment(endingAtSample: Int64(20 * rate - back), into: &segment) }
            }
            print("\(rate) Hz: \(hearing / 1_000) a column of both channels, resampling included; \(asking / 1_000) a segment")
            #expect(!segment.contains { !$0.isFinite })
        }
    }
}
