/// The matrix of a Linear layer in signed 8-bit integers, with a scale for each output: weight ≈ value · scale.
struct WeightQuantization {
    /// `[in, out]`, as a graph's MatMul reads it.
    let values: [Int8]
    /// `[out]`.
    let scales: [Float]

    /// Rounds a layer whose inputs were divided by `smoothing`. Throws where it has weights that are no numbers.
    init(_ layer: LinearWeights, smoothing: [Float]) throws(GraphError) {
        let matrix = layer.matrix
        var values = [Int8](repeating: 0, count: matrix.values.count)
        var scales = [Float](repeating: 1, count: matrix.rows)
        for row in 0..<matrix.rows {
            let weights = (0..<matrix.columns).map { matrix.values[row * matrix.columns + $0] * smoothing[$0] }
            guard weights.allSatisfy(\.isFinite) else {
                throw GraphError("\(layer.name): has weights that are no numbers; is the checkpoint damaged?")
            }
            // −128 is left out, so that a weight and its negative are rounded alike.
            let scale = weights.reduce(0) { max($0, abs($1)) } / 127
            guard scale > .leastNormalMagnitude else { continue }
            scales[row] = scale
            for (column, weight) in weights.enumerated() {
                values[column * matrix.rows + row] = Int8(min(max((weight / scale).rounded(), -127), 127))
            }
        }
        self.values = values
        self.scales = scales
    }
}
