extension GraphBuilder {
    /// The same elements in another shape; at most one dimension may be a symbol (it is inferred: ONNX's −1).
    package func reshape(_ value: Value, _ shape: [Dimension]) -> Value {
        let sizes = shape.map { Int64($0.size ?? -1) }
        precondition(sizes.count { $0 == -1 } <= 1, "reshape of \(value.name) to \(shape): more than one unknown size")
        return node("Reshape", [value, constant(int64: sizes)], value.type, shape)
    }

    /// Axes in another order: result axis i is axis `order[i]` of `value`.
    package func transpose(_ value: Value, _ order: [Int]) -> Value {
        node("Transpose", [value], value.type, order.map { value.shape[$0] }, [.ints("perm", order)])
    }

    /// Inserts axes of size 1; the numbers are positions in the result.
    package func unsqueeze(_ value: Value, _ axes: [Int]) -> Value {
        var shape = value.shape
        for axis in axes.sorted() { shape.insert(1, at: axis) }
        return node("Unsqueeze", [value, constant(int64: axes.map(Int64.init))], value.type, shape)
    }

    /// Joins along an axis; every other dimension must agree. `size` names the result's size along the axis where it cannot be added up.
    package func concat(_ values: [Value], axis: Int, size: Dimension? = nil) -> Value {
        let rank = values[0].rank
        let index = axis < 0 ? rank + axis : axis
        var shape = values[0].shape
        let sizes = values.compactMap { $0.shape[index].size }
        if sizes.count == values.count {
            shape[index] = .fixed(sizes.reduce(0, +))
        } else {
            shape[index] = size ?? .symbol("concat")
        }
        return node("Concat", values, values[0].type, shape, [.int("axis", axis)])
    }

    /// Cuts the last axis into pieces of the given sizes.
    package func split(_ value: Value, _ sizes: [Int]) -> [Value] {
        precondition(sizes.reduce(0, +) == value.size(-1), "split of \(value.shape) into \(sizes)")
        let outputs = sizes.map { size in (value.type, Array(value.shape.dropLast()) + [Dimension.fixed(size)]) }
        return nodes("Split", [value, constant(int64: sizes.map(Int64.init))], outputs, [.int("axis", -1)])
    }

    /// `value[..., start..<end, ...]` along an axis that has a fixed size, or from its start.
    package func slice(_ value: Value, axis: Int, _ range: Range<Int>) -> Value {
        var shape = value.shape
        shape[axis < 0 ? value.rank + axis : axis] = .fixed(range.count)
        let bounds = [[Int64(range.lowerBound)], [Int64(range.upperBound)], [Int64(axis)]].map { constant(int64: $0) }
        return node("Slice", [value] + bounds, value.type, shape)
    }

    /// `value[..., start..., ...]`: everything from `start` on along an axis whose size is a symbol, which the result has again under another name.
    package func suffix(_ value: Value, axis: Int, from start: Int) -> Value {
        var shape = value.shape
        shape[axis] = .symbol("\(shape[axis])_from_\(start)")
        let bounds = [[Int64(start)], [Int64.max], [Int64(axis)]].map { constant(int64: $0) }
        return node("Slice", [value] + bounds, value.type, shape)
    }

    /// Adds zeros at the end of axes: `ends[axis]` of them.
    package func padEnds(_ value: Value, _ ends: [Int]) -> Value {
        let shape = zip(value.shape, ends).map { dimension, end in end == 0 ? dimension : .fixed((dimension.size ?? 0) + end) }
        let pads = ends.map { _ in Int64(0) } + ends.map(Int64.init)
        return node("Pad", [value, constant(int64: pads)], value.type, shape, [.string("mode", "constant")])
    }

    /// Integers plus one.
    package func addOne(_ value: Value) -> Value {
        node("Add", [value, constant(int64: [1])], value.type, value.shape)
    }

    /// Rows of a table `[rows, width]` chosen by integer indices: the result has the indices' shape plus `width`.
    package func gather(_ table: Value, _ indices: Value) -> Value {
        node("Gather", [table, indices], table.type, indices.shape + [table.shape[1]], [.int("axis", 0)])
    }

    /// Bilinear enlargement of square maps `[N, C, S, S]` by a whole factor, pixel centres at half (PyTorch's `align_corners=False`), as a matrix
    /// product along each axis: an eighth of the time of OpenVINO 2026.4's own interpolation.
    package func upsampleBilinear(_ value: Value, factor: Int) throws -> Value {
        precondition(value.size(2) == value.size(3), "\(value.shape) is not square")
        let side = value.size(2)
        var weights = Matrix(rows: side * factor, columns: side, values: [Float](repeating: 0, count: side * factor * side))
        for row in 0..<weights.rows {
            let position = max((Float(row) + 0.5) / Float(factor) - 0.5, 0)
            let (first, part) = (Int(position), position - position.rounded(.down))
            weights.values[row * side + first] += 1 - part
            weights.values[row * side + min(first + 1, side - 1)] += part
        }
        let across = try constant(weights.transposed().values, [side, weights.rows], "enlarge_columns")
        let down = try constant(weights.values, [weights.rows, side], "enlarge_rows")
        return matmul(matmul(down, value), across)
    }
}
