/// Bilinear resizing with antialiasing, as PyTorch's `interpolate(mode="bilinear", antialias=True)`: a triangle filter that widens with the
/// factor when the picture gets smaller, separable, in float32.
struct AntialiasedResize {
    private let from: (width: Int, height: Int)
    private let to: (width: Int, height: Int)
    private let columns: [Taps]
    private let rows: [Taps]

    private struct Taps {
        var start: Int
        var weights: [Float]
    }

    /// Plans a resize; all sizes are positive.
    init(from: (width: Int, height: Int), to: (width: Int, height: Int)) {
        self.from = from
        self.to = to
        columns = Self.taps(from.width, to.width)
        rows = Self.taps(from.height, to.height)
    }

    private static func taps(_ from: Int, _ to: Int) -> [Taps] {
        let scale = Float(from) / Float(to)
        let widening = max(scale, 1)
        return (0..<to).map { position in
            let centre = scale * (Float(position) + 0.5)
            let start = max(Int(centre - widening + 0.5), 0)
            let end = min(Int(centre + widening + 0.5), from)
            var weights = (start..<max(end, start + 1)).map { max(0, 1 - abs((Float($0) - centre + 0.5) / widening)) }
            let sum = weights.reduce(0, +)
            if sum != 0 { for index in weights.indices { weights[index] /= sum } }
            return Taps(start: start, weights: weights)
        }
    }

    /// Resizes row-major values.
    func resize(_ values: UnsafeBufferPointer<Float>) -> [Float] {
        var middle = [Float](repeating: 0, count: from.height * to.width)
        for row in 0..<from.height {
            for (column, taps) in columns.enumerated() {
                var sum: Float = 0
                for (index, weight) in taps.weights.enumerated() { sum += weight * values[row * from.width + taps.start + index] }
                middle[row * to.width + column] = sum
            }
        }
        var result = [Float](repeating: 0, count: to.height * to.width)
        for (row, taps) in rows.enumerated() {
            for column in 0..<to.width {
                var sum: Float = 0
                for (index, weight) in taps.weights.enumerated() { sum += weight * middle[(taps.start + index) * to.width + column] }
                result[row * to.width + column] = sum
            }
        }
        return result
    }
}
