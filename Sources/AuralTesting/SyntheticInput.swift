import AuralCore
import AuralInference
import AuralNetworks

/// Inputs of the single-module cases: like the weights, a function of name and place (Tests/Golden/README.md).
package enum SyntheticInput {
    /// `count` values, `scale` times a number in [−1, 1).
    package static func values(_ name: String, _ count: Int, scale: Double) -> [Float] {
        var stream = SplitMix64(seedName: "input/public/\(name)")
        return (0..<count).map { _ in Float(scale * stream.unit()) }
    }

    /// Planes [C, H·W] as tokens [H·W, C].
    package static func tokens(_ planes: [Float], channels: Int) -> [Float] {
        let pixels = planes.count / channels
        return (0..<pixels).flatMap { pixel in (0..<channels).map { planes[$0 * pixels + pixel] } }
    }

    /// Tokens [H·W, C] as planes [C, H·W].
    package static func planes(_ tokens: some RandomAccessCollection<Float>, channels: Int) -> [Float] {
        let values = Array(tokens)
        let pixels = values.count / channels
        return (0..<channels).flatMap { channel in (0..<pixels).map { values[$0 * channels + channel] } }
    }

    /// A square map enlarged bilinearly (pixel centres at half), written plainly as a reference.
    package static func enlarged(_ map: some RandomAccessCollection<Float>, from: Int, toWidth: Int, toHeight: Int) -> [Float] {
        let values = Array(map)
        func taps(_ position: Int, _ count: Int) -> (Int, Int, Float) {
            let source = max((Float(position) + 0.5) * (Float(from) / Float(count)) - 0.5, 0)
            let first = Int(source)
            return (first, min(first + 1, from - 1), source - Float(first))
        }
        let columns = (0..<toWidth).map { taps($0, toWidth) }
        var result: [Float] = []
        result.reserveCapacity(toWidth * toHeight)
        for row in 0..<toHeight {
            let (top, bottom, down) = taps(row, toHeight)
            for (left, right, across) in columns {
                let upper = values[top * from + left] * (1 - across) + values[top * from + right] * across
                let lower = values[bottom * from + left] * (1 - across) + values[bottom * from + right] * across
                result.append(upper * (1 - down) + lower * down)
            }
        }
        return result
    }
}
