import AuralGraph

/// The axial rotary code of a square grid, for one head, in rotate-half form.
///
/// Upstream turns neighbouring pairs (2i, 2i+1) of a projection. The rows of the projection are permuted at import (evens first, then odds), the
/// same way for queries and keys, so their products do not change, the two halves of a row are the pairs' real and imaginary parts, and
/// no engine has to gather strided elements at run time. Source: RoFormer (arXiv 2104.09864), upstream `apply_rotary_enc`.
struct RotaryEncoding {
    private let graph: GraphBuilder
    private let width: Int
    private let cosine: Value
    private let sine: Value

    /// Puts the code's tables into the graph: [HW, width / 2]; of the middles of blocks of `step`×`step` cells, if that is not 1.
    init(_ graph: GraphBuilder, grid: Int, width: Int, step: Int = 1) throws {
        self.graph = graph
        self.width = width
        let half = width / 2
        let angles = PositionalEncodings.rotaryAngles(side: grid, width: width, step: step)
        func table(_ function: (Double) -> Double, _ name: String) throws -> Value {
            try graph.constant(angles.map { Float(function(Double($0))) }, [grid * grid, half], name)
        }
        cosine = try table(Double.cosine, "rotary_cosine_\(step)")
        sine = try table(Double.sine, "rotary_sine_\(step)")
    }

    /// A projection with its rows in rotate-half order, not turned.
    func permuted(_ layer: LinearWeights) -> LinearWeights {
        layer.selectingRows(Array(stride(from: 0, to: width, by: 2)) + Array(stride(from: 1, to: width, by: 2)))
    }

    /// The projection of `x` [..., HW, in], turned: [..., HW, width].
    func projected(_ x: Value, _ layer: LinearWeights) throws -> Value {
        let parts = graph.split(try graph.linear(x, permuted(layer)), [width / 2, width / 2])
        let real = graph.subtract(graph.multiply(parts[0], cosine), graph.multiply(parts[1], sine))
        let imaginary = graph.add(graph.multiply(parts[0], sine), graph.multiply(parts[1], cosine))
        return graph.concat([real, imaginary], axis: -1)
    }
}
