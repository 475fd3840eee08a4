/// A small dense matrix for what is folded at import: products of weights, permuted rows. Row-major; products are summed in double precision.
package struct Matrix: Sendable, Equatable {
    /// Rows.
    package let rows: Int
    /// Columns.
    package let columns: Int
    /// `rows * columns` values, row-major.
    package var values: [Float]

    /// Wraps row-major values.
    package init(rows: Int, columns: Int, values: [Float]) {
        precondition(values.count == rows * columns, "\(values.count) values for \(rows) x \(columns)")
        self.rows = rows
        self.columns = columns
        self.values = values
    }

    /// Columns become rows.
    package func transposed() -> Matrix {
        var result = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns {
                result[column * rows + row] = values[row * columns + column]
            }
        }
        return Matrix(rows: columns, columns: rows, values: result)
    }

    /// The rows in another order: row i of the result is row `order[i]`.
    package func selectingRows(_ order: [Int]) -> Matrix {
        Matrix(rows: order.count, columns: columns, values: order.flatMap { row in values[(row * columns)..<((row + 1) * columns)] })
    }

    /// Every value times `factor`.
    package func scaled(by factor: Float) -> Matrix {
        Matrix(rows: rows, columns: columns, values: values.map { $0 * factor })
    }

    /// `self · vector`, summed in double precision.
    package func applied(to vector: [Float]) -> [Float] {
        precondition(vector.count == columns)
        return (0..<rows).map { row in
            var sum = 0.0
            for column in 0..<columns { sum += Double(values[row * columns + column]) * Double(vector[column]) }
            return Float(sum)
        }
    }

    /// The matrix product.
    package static func * (left: Matrix, right: Matrix) -> Matrix {
        precondition(left.columns == right.rows)
        var result = [Float](repeating: 0, count: left.rows * right.columns)
        var sums = [Double](repeating: 0, count: right.columns)
        for row in 0..<left.rows {
            for column in sums.indices { sums[column] = 0 }
            for inner in 0..<left.columns {
                let factor = Double(left.values[row * left.columns + inner])
                for column in 0..<right.columns {
                    sums[column] += factor * Double(right.values[inner * right.columns + column])
                }
            }
            for column in sums.indices { result[row * right.columns + column] = Float(sums[column]) }
        }
        return Matrix(rows: left.rows, columns: right.columns, values: result)
    }
}
