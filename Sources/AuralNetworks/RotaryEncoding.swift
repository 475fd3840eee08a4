import AuralGraph

/// The axial rotary code of a square grid, for one head, in rotate-half form.
///
/// Upstream turns neighbouring pairs (2i, 2i+1) of a projection. The rows of the projection are permuted at import (evens first, then odds), the
/// same way for queries and keys, so their products do not change and the two halves of a row are the pairs' real and imaginary parts. The
/// turned-by-90° projection is one more block of rows, so that no engine has to cut and join rows at run time:
/// rotated(x) = (W·x)·cos + (W₉₀·x)·sin. Source: RoFormer (arXiv 2104.09864), upstream `apply_rotary_enc`.
struct RotaryEncoding {
    private let graph: GraphBuilder
    private let width: Int
    private let cosine: Value
    private let sine: Value

    /// Puts the code's tables into the graph: [HW, width].
    init(_ graph: GraphBuilder, grid: Int, width: Int) throws {
        self.graph = graph
        self.width = width
        let half = width / 2
        let angles = PositionalEncodings.rotaryAngles(side: grid, width: width)
        func table(_ function: (Double) -> Double, _ name: String) throws -> Value {
            var values: [Float] = []
            values.reserveCapacity(angles.count * 2)
            for token in 0..<(grid * grid) {
                let row = angles[(token * half)..<((token + 1) * half)].map { Float(function(Double($0))) }
                values += row + row
            }
            return try graph.constant(values, [grid * grid, width], name)
        }
        cosine = try table(Double.cosine, "rotary_cosine")
        sine = try table(Double.sine, "rotary_sine")
    }

    /// A projection with its rows in rotate-half order, not turned.
    func permuted(_ layer: LinearWeights) -> LinearWeights {
        layer.selectingRows(Array(stride(from: 0, to: width, by: 2)) + Array(stride(from: 1, to: width, by: 2)))
    }

    /// The projection of `x` [..., HW, in], turned: [..., HW, width].
    func projected(_ x: Value, _ layer: LinearWeights) throws -> Value {
        let straight = permuted(layer)
        let half = width / 2
        // Turned by 90°: the first half becomes minus the second, the second becomes the first.
        var turned = straight.selectingRows(Array(half..<width) + Array(0..<half))
        for index in 0..<(half * turned.matrix.columns) { turned.matrix.values[index].negate() }
        turned.bias = turned.bias.map { bias in bias.enumerated().map { $0 < half ? -$1 : $1 } }
        let parts = graph.split(try graph.linear(x, straight.stacked(with: turned)), [width, width])
        return graph.add(graph.multiply(parts[0], cosine), graph.multiply(parts[1], sine))
    }
}
