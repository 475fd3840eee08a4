/// The weights of a Linear layer, or of a 1×1 convolution, which is the same thing on channels-last maps: y = matrix · x + bias.
package struct LinearWeights: Sendable {
    /// What to call it in the graph; the checkpoint's key where it is one layer.
    package var name: String
    /// `[out, in]`.
    package var matrix: Matrix
    /// `[out]`, or nil for none.
    package var bias: [Float]?

    /// Wraps weights that were computed.
    package init(name: String, matrix: Matrix, bias: [Float]?) {
        self.name = name
        self.matrix = matrix
        self.bias = bias
    }

    /// Reads `key.weight` [out, in] (with `trailing` ones after it for convolutions) and `key.bias` [out]. Throws where they are missing or
    /// shaped otherwise.
    package init(_ source: any WeightSource, _ key: String, _ inputWidth: Int, _ outputWidth: Int, trailing: Int = 0) throws {
        let shape = [outputWidth, inputWidth] + [Int](repeating: 1, count: trailing)
        name = key
        matrix = Matrix(rows: outputWidth, columns: inputWidth, values: try source.floats("\(key).weight", shape: shape))
        bias = try source.floats("\(key).bias", shape: [outputWidth])
    }

    /// `next ∘ self` as one layer: exact up to rounding, as nothing stands between them.
    package func followed(by next: LinearWeights) -> LinearWeights {
        let folded = next.after(constant: bias ?? [Float](repeating: 0, count: matrix.rows))
        return LinearWeights(name: "\(next.name)*\(name)", matrix: next.matrix * matrix, bias: folded.bias)
    }

    /// The layer for inputs from which `constant` was left out; nil leaves out nothing.
    package func after(constant: [Float]?) -> LinearWeights {
        guard let constant else { return self }
        let shift = matrix.applied(to: constant)
        return LinearWeights(name: name, matrix: matrix, bias: bias.map { zip($0, shift).map { $0 + $1 } } ?? shift)
    }

    /// Output rows in another order.
    package func selectingRows(_ order: [Int]) -> LinearWeights {
        LinearWeights(name: name, matrix: matrix.selectingRows(order), bias: bias.map { bias in order.map { bias[$0] } })
    }

    /// Output times `factor`.
    package func scaled(by factor: Float) -> LinearWeights {
        LinearWeights(name: name, matrix: matrix.scaled(by: factor), bias: bias.map { $0.map { $0 * factor } })
    }

    /// Both layers' outputs side by side, from the same input.
    package func stacked(with other: LinearWeights) -> LinearWeights {
        let zeros = { (count: Int) in [Float](repeating: 0, count: count) }
        return LinearWeights(
            name: name, matrix: Matrix(rows: matrix.rows + other.matrix.rows, columns: matrix.columns, values: matrix.values + other.matrix.values),
            bias: (bias ?? zeros(matrix.rows)) + (other.bias ?? zeros(other.matrix.rows)))
    }
}
