import AuralGraph

/// The axial rotary code of a square grid, for one head, in rotate-half form.
///
/// Upstream turns neighbouring pairs (2i, 2i+1) of a projection. The rows of the projection are permuted at import (evens first, then odds), the
/// same way for queries and keys, so their products do not change, the two halves of a row are the pairs' real and imaginary parts, and
/// no engine has to gather strided elements at run time. Source: RoFormer (arXiv 2104.09864), upstream `apply_rotary_enc`.
final class RotaryEncoding {
    private let graph: GraphBuilder
    private let width: Int
    private let angles: [Float]
    private let name: String
    private var tables: [String: Value] = [:]

    /// Plans the code of a grid; of the middles of blocks of `step`×`step` cells, if that is not 1.
    init(_ graph: GraphBuilder, grid: Int, width: Int, step: Int = 1) throws {
        self.graph = graph
        self.width = width
        angles = PositionalEncodings.rotaryAngles(side: grid, width: width, step: step)
        name = step == 1 ? "rotary" : "rotary_\(step)"
    }

    /// A projection with its rows in rotate-half order, not turned.
    func permuted(_ layer: LinearWeights) -> LinearWeights {
        layer.selectingRows(Array(stride(from: 0, to: width, by: 2)) + Array(stride(from: 1, to: width, by: 2)))
    }

    /// The projection of `x` [..., HW, in], turned: [..., HW, width].
    func projected(_ x: Value, _ layer: LinearWeights) throws -> Value {
        let (cosine, sine) = (try table(Double.cosine, "cosine"), try table(Double.sine, "sine"))
        let parts = graph.split(try graph.linear(x, permuted(layer)), [width / 2, width / 2])
        let real = graph.subtract(graph.multiply(parts[0], cosine), graph.multiply(parts[1], sine))
        let imaginary = graph.add(graph.multiply(parts[0], sine), graph.multiply(parts[1], cosine))
        return graph.concat([real, imaginary], axis: -1)
    }

    /// The same for `x` of few channels: each row's partner in its pair, with its sign, is projected a second time, which takes less time than to cut
    /// the wide projection in two and join it again.
    ///
    /// It is turned by the grid's angles, or by others whose cosines and sines are given, each beside itself for both halves of a row.
    func projectedTwice(_ x: Value, _ layer: LinearWeights, by other: (cosine: Value, sine: Value)? = nil) throws -> Value {
        let half = width / 2
        var partner = permuted(layer).selectingRows(Array(half..<width) + Array(0..<half))
        for index in 0..<(half * partner.matrix.columns) { partner.matrix.values[index].negate() }
        if var bias = partner.bias {
            for index in 0..<half { bias[index].negate() }
            partner.bias = bias
        }
        partner.name += ".partner"
        let (cosine, sine) = try other ?? (table(Double.cosine, "cosine", halves: 2), table(Double.sine, "sine", halves: 2))
        let turned = graph.multiply(try graph.linear(x, permuted(layer)), cosine)
        return graph.add(turned, graph.multiply(try graph.linear(x, partner), sine))
    }

    /// A function of the angles [HW, width / 2], beside itself for both halves of a row.
    private func table(_ function: (Double) -> Double, _ label: String, halves: Int = 1) throws -> Value {
        let (half, key) = (width / 2, "\(name)_\(label)_\(halves)")
        if let known = tables[key] { return known }
        let values = angles.map { Float(function(Double($0))) }
        let rows = halves == 1 ? values : stride(from: 0, to: values.count, by: half).flatMap { values[$0..<($0 + half)] + values[$0..<($0 + half)] }
        let table = try graph.constant(rows, [angles.count / half, half * halves], key)
        tables[key] = table
        return table
    }
}
