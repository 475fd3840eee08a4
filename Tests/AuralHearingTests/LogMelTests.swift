import AuralCore
import AuralTesting
import Foundation
import Testing

@testable import AuralHearing

@Suite struct LogMelTests {
    @Test(
        "the rows of a recording are the original's", .timeLimit(.minutes(5)),
        arguments: [
            ("a5s", 5), ("a4800ms", 4), ("a77039", 4), ("a77040", 5), ("a5s_mono", 5), ("a10s", 10),
        ])
    func golden(name: String, count: Int) throws {
        let golden = try GoldenFile("audio_\(name)")
        let (channels, rate) = try Sound.golden(name)
        let rows = try AudioRows(channels, rate: rate)
        #expect(rows.count == count && rows.padded == 0)
        #expect(Sound.difference(rows.logMel, try golden.values("logmel")) <= 1e-6)
        // For five frames a shorter recording's last row is repeated, and a longer one is cut.
        let five = try AudioRows(channels, rate: rate, count: 5)
        #expect(five.count == 5 && five.padded == max(0, 5 - count))
        let expected = try golden.whole("logmel_padded5") ?? Array(try golden.values("logmel").prefix(5 * AudioSegment.valueCount))
        #expect(Sound.difference(five.logMel, expected) <= 1e-6)
    }

    @Test("sound at 44.1 kHz is near what another resampler makes of it, and the rest is the original's", .timeLimit(.minutes(5)))
    func resampled() throws {
        let golden = try GoldenFile("audio_a5s_44k1")
        let reference = try golden.values("logmel")
        let samples = try golden.values("resampled_16k")
        let channels = (0..<2).map { channel in stride(from: channel, to: samples.count, by: 2).map { samples[$0] } }
        // The reference was computed before its samples were rounded to float32.
        #expect(Sound.difference(try AudioRows(channels, rate: 16_000).logMel, reference) <= 2e-5)
        let (sound, rate) = try Sound.golden("a5s_44k1")
        let own = try AudioRows(sound, rate: rate)
        try #require(own.count == 5 && own.logMel.count == reference.count)
        // The other resampler's filter begins to fall within the highest bands, from 7 kHz on.
        let worst = (0..<64).map { band in
            Sound.difference(
                stride(from: band, to: reference.count, by: 64).map { own.logMel[$0] },
                stride(from: band, to: reference.count, by: 64).map { reference[$0] })
        }
        print("44.1 kHz, worst: \(worst.prefix(60).max() ?? 0), of the bands above 6.6 kHz: \(worst.suffix(4))")
        #expect(worst.prefix(60).allSatisfy { $0 < 5e-3 } && worst.allSatisfy { $0 < 1 })
    }

    @Test("the transform is the sum that defines it", .timeLimit(.minutes(5)))
    func transform() {
        let fft = RealFFT()
        let magnitudes = NumberTable(count: RealFFT.binCount)
        var random = SplitMix64(seed: 1)
        for count in [512, 511, 400, 1, 0] {
            // What goes beyond either is 0.
            let window = NumberTable((0..<(count + 5)).map { _ in random.unit() })
            let samples = (0..<count).map { _ in Float(random.unit()) }
            let values = (0..<RealFFT.size).map { $0 < count ? Double(samples[$0]) * window.base[$0] : 0 }
            fft.transform(samples.span, window: window)
            fft.magnitudes(of: -9..<999, into: magnitudes)
            for bin in 0..<RealFFT.binCount {
                var (x, y) = (0.0, 0.0)
                for (index, value) in values.enumerated() {
                    let angle = 2 * Double.pi * Double(index * bin % RealFFT.size) / Double(RealFFT.size)
                    x += value * cos(angle)
                    y -= value * sin(angle)
                }
                #expect(abs(magnitudes.base[bin] - (x * x + y * y).squareRoot()) < 1e-11, "bin \(bin)")
            }
        }
    }

    @Test("each filter rises and falls once, neighbours add up to one, and DC is left out", .timeLimit(.minutes(5)))
    func filters() {
        let bank = MelFilterBank()
        #expect(bank.filters.count == 64 && bank.bins == 5..<240, "7500 Hz is bin 240, where the last filter is 0")
        var total = [Double](repeating: 0, count: RealFFT.binCount)
        for filter in bank.filters {
            let weights = (0..<filter.count).map { bank.weights.base[filter.offset + $0] }
            #expect(filter.first > 0 && weights.allSatisfy { $0 > 0 && $0 <= 1 })
            let peak = weights.indices.max { weights[$0] < weights[$1] } ?? 0
            #expect(weights[...peak] == ArraySlice(weights[...peak].sorted()) && weights[peak...] == ArraySlice(weights[peak...].sorted(by: >)))
            for (index, weight) in weights.enumerated() { total[filter.first + index] += weight }
        }
        // Between the centres of the first and the last filter, falling and rising neighbours add up to one.
        #expect(total[5...230].allSatisfy { abs($0 - 1) < 1e-12 } && total[...4].allSatisfy { $0 == 0 } && total[240...].allSatisfy { $0 == 0 })
    }

    @Test("silence, DC and clipping give finite numbers; silence is ln 0.01 exactly", .timeLimit(.minutes(5)))
    func extremes() throws {
        let count = AudioRows.samplesPerRow
        let silence = try AudioRows([[Float](repeating: 0, count: count)], rate: 16_000)
        #expect(silence.logMel.allSatisfy { $0 == LogMelSpectrogram.silence } && LogMelSpectrogram.silence == Float(log(0.01)))
        let direct = try AudioRows([[Float](repeating: 1, count: count)], rate: 16_000)
        // The window's side lobes hide DC, which no filter hears, below the offset from 125 Hz on.
        #expect(direct.logMel.allSatisfy { $0.isFinite && $0 < 0 })
        let clipped = (0..<count).map { $0 / 16 % 2 == 0 ? Float(1) : -1 }
        let loud = try AudioRows([clipped, Sound.noise(count, seed: 2).map { $0 > 0 ? 1 : -1 }], rate: 16_000)
        #expect(loud.logMel.allSatisfy(\.isFinite) && (loud.logMel.max() ?? 0) > 4)
        let broken = clipped.enumerated().map { [.nan, .infinity, -.infinity, $0.element][$0.offset % 4] }
        #expect(try AudioRows([broken], rate: 48_000 / 3).logMel.allSatisfy(\.isFinite))
    }

    @Test(
        "too little sound, no channel, unequal channels and odd rates are refused", .timeLimit(.minutes(5)),
        arguments: [
            ([[]], 16_000, .tooShort), ([[Float](repeating: 0.5, count: 15_599)], 16_000, .tooShort),
            ([[Float](repeating: 0.5, count: 46_799)], 48_000, .tooShort), ([], 16_000, .badChannels), ([[0], []], 16_000, .badChannels),
            ([[Float](repeating: 0, count: 99_999)], 3_999, .unsupportedRate), ([[Float](repeating: 0, count: 9)], 384_001, .unsupportedRate),
            ([[]], 0, .unsupportedRate), ([[]], -1, .unsupportedRate),
        ] as [([[Float]], Int, HearingError.Code)])
    func refused(channels: [[Float]], rate: Int, code: HearingError.Code) {
        let error = #expect(throws: HearingError.self) { try AudioRows(channels, rate: rate) }
        #expect(error?.code == code && error?.exitStatus == .dataError)
    }

    @Test("the first two channels are heard, a single one twice; 15,600 samples are a row, 30,960 are two", .timeLimit(.minutes(5)))
    func channels() throws {
        let noise = (0..<6).map { Sound.noise(30_960, seed: UInt64($0)) }
        let six = try AudioRows(noise, rate: 16_000)
        #expect(six == (try AudioRows(Array(noise.prefix(2)), rate: 16_000)) && six.count == 2)
        let one = try AudioRows([noise[0]], rate: 16_000)
        #expect(one == (try AudioRows([noise[0], noise[0]], rate: 16_000)) && one != six)
        #expect(try AudioRows(noise.map { Array($0.prefix(30_959)) }, rate: 16_000).count == 1)
        #expect(try AudioRows(noise, rate: 16_000, count: 0).logMel.isEmpty)
        // Three times as many samples at three times the rate are as many rows.
        for rate in [48_000, 192_000] {
            let scale = rate / 16_000
            #expect(try AudioRows([Sound.noise(30_960 * scale, seed: 1)], rate: rate).count == 2)
            #expect(try AudioRows([Sound.noise(30_960 * scale - 1, seed: 1)], rate: rate).count == 1)
        }
    }
}
