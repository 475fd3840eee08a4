import AuralGraph

extension LinearWeights {
    /// A convolution whose stride is its kernel's side, as a Linear layer over patches (row, column, channel).
    ///
    /// Reads `key.weight` [out, in, side, side] and `key.bias` [out]; throws where they are missing or shaped otherwise.
    init(patches source: any WeightSource, _ key: String, side: Int, inputWidth: Int, outputWidth: Int) throws {
        let kernel = try source.floats("\(key).weight", shape: [outputWidth, inputWidth, side, side])
        let places = side * side
        var values = [Float](repeating: 0, count: kernel.count)
        for output in 0..<outputWidth {
            for input in 0..<inputWidth {
                for place in 0..<places {
                    values[(output * places + place) * inputWidth + input] = kernel[(output * inputWidth + input) * places + place]
                }
            }
        }
        self.init(
            name: key, matrix: Matrix(rows: outputWidth, columns: places * inputWidth, values: values),
            bias: try source.floats("\(key).bias", shape: [outputWidth]))
    }

    /// The same layer over patches of what `first` makes of its input, cell by cell: exact, as nothing stands between them.
    func over(_ first: LinearWeights) -> LinearWeights {
        let (inner, places) = (first.matrix.rows, matrix.columns / first.matrix.rows)
        let inputs = first.matrix.columns
        var values = [Float](repeating: 0, count: matrix.rows * places * inputs)
        var bias = bias ?? [Float](repeating: 0, count: matrix.rows)
        for place in 0..<places {
            var part: [Float] = []
            part.reserveCapacity(matrix.rows * inner)
            for row in 0..<matrix.rows {
                part += matrix.values[(row * matrix.columns + place * inner)..<(row * matrix.columns + (place + 1) * inner)]
            }
            let block = Matrix(rows: matrix.rows, columns: inner, values: part)
            let product = block * first.matrix
            for row in 0..<matrix.rows {
                let start = (row * places + place) * inputs
                values.replaceSubrange(start..<(start + inputs), with: product.values[(row * inputs)..<((row + 1) * inputs)])
            }
            if let firstBias = first.bias { bias = zip(bias, block.applied(to: firstBias)).map { $0 + $1 } }
        }
        return LinearWeights(
            name: "\(name)*\(first.name)", matrix: Matrix(rows: matrix.rows, columns: places * inputs, values: values), bias: bias)
    }
}
