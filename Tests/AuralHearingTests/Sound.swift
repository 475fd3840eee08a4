import AuralCapture
import AuralCore
import AuralGraph
import AuralHearing
import AuralTesting
import Foundation

/// Sound for tests.
enum Sound {
    /// A golden recording's channels and rate.
    static func golden(_ name: String) throws -> (channels: [[Float]], rate: Int) {
        guard let path = GoldenFile.path("inputs/\(name).wav") else { throw GraphError("inputs/\(name).wav is missing", exitStatus: .noInput) }
        let reader = try WAVReader(path: path)
        return (try reader.samples(in: 0..<reader.sampleCount), reader.sampleRate)
    }

    /// Noise within ±0.9.
    static func noise(_ count: Int, seed: UInt64) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float(random.unit() * 0.9) }
    }

    /// A sine of amplitude 1.
    static func sine(_ frequency: Double, rate: Int, count: Int) -> [Float] {
        (0..<count).map { Float(sin(2 * Double.pi * frequency * Double($0) / Double(rate))) }
    }

    /// The largest difference of two rows of numbers; infinite where they have different lengths or one is not a number.
    static func difference(_ one: [Float], _ other: [Float]) -> Double {
        guard one.count == other.count else { return .infinity }
        return zip(one, other).reduce(0) { worst, pair in
            let next = abs(Double(pair.0) - Double(pair.1))
            return next.isNaN ? .infinity : max(worst, next)
        }
    }
}

extension SegmentWindow {
    /// Gives two channels, cut into blocks by `cut`, which tells the next block's length.
    func give(_ left: [Float], _ right: [Float], at index: Int64 = 0, rate: Int, cut: () -> Int = { .max }) throws {
        var done = 0
        while done < left.count {
            let count = min(max(1, cut()), left.count - done)
            try append(left.span.extracting(done..<(done + count)), right.span.extracting(done..<(done + count)), at: index + Int64(done), rate: rate)
            done += count
        }
    }

    /// The segment that ends at or before a sample.
    func segment(endingAt end: Int64) -> (values: [Float], extent: Extent) {
        var values: [Float] = []
        let extent = segment(endingAtSample: end, into: &values)
        return (values, extent)
    }
}
