extension GraphBuilder {
    /// Vectors along the last axis divided by their length.
    package func unitVectors(_ value: Value) -> Value {
        node("LpNormalization", [value], value.type, value.shape, [.int("axis", -1), .int("p", 2)])
    }

    /// Matrix product over the last two axes, the others broadcast (NumPy's `@`).
    package func matmul(_ left: Value, _ right: Value) -> Value {
        let batch = Self.broadcast(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2)))
        precondition(left.shape[left.rank - 1] == right.shape[right.rank - 2], "matmul of \(left.shape) and \(right.shape)")
        return node("MatMul", [left, right], left.type, batch + [left.shape[left.rank - 2], right.shape[right.rank - 1]])
    }

    /// `x · matrixᵀ + bias` with a matrix `[out, in]` as PyTorch's Linear stores it; written transposed so that no engine has to.
    package func linear(_ value: Value, _ layer: LinearWeights) throws -> Value {
        let matrix = try constant(layer.matrix.transposed().values, [layer.matrix.columns, layer.matrix.rows], layer.name)
        let product = matmul(value, matrix)
        guard let bias = layer.bias else { return product }
        return add(product, try constant(bias, [bias.count], "\(layer.name).bias"))
    }

    /// A Linear layer of the checkpoint: `key.weight` [out, in] and `key.bias` [out].
    package func linear(_ value: Value, _ key: String, _ inputWidth: Int, _ outputWidth: Int) throws -> Value {
        try linear(value, LinearWeights(weights, key, inputWidth, outputWidth))
    }

    /// Linear layers with an activation between them (upstream's `MLP`): `key.layers.0` … of the given widths.
    package func multilayerPerceptron(
        _ value: Value, _ key: String, _ widths: [Int], activation: (Value) -> Value
    ) throws -> Value {
        var value = value
        for layer in 0..<(widths.count - 1) {
            value = try linear(value, "\(key).layers.\(layer)", widths[layer], widths[layer + 1])
            if layer < widths.count - 2 { value = activation(value) }
        }
        return value
    }

    /// Layer normalisation over the last axis with `key.weight` and `key.bias`.
    package func layerNorm(_ value: Value, _ key: String, epsilon: Float) throws -> Value {
        let width = value.size(-1)
        let scale = try parameter("\(key).weight", [width])
        let bias = try parameter("\(key).bias", [width])
        return node(
            "LayerNormalization", [value, scale, bias], value.type, value.shape,
            [.int("axis", -1), .float("epsilon", epsilon)])
    }

    /// Layer normalisation over the channels of `[N, C, H, W]` (upstream's LayerNorm2d, epsilon 1e-6) and a Gaussian error linear unit, written out,
    /// which engines run faster than turning the map around twice.
    ///
    /// On `[N, C, HW]`, as OpenVINO 2026.4 computes maps of few channels with these innermost, a quarter of a vector at a time.
    package func normalizedChannelsGELU(_ value: Value, _ key: String) throws -> Value {
        let (width, isNarrow) = (value.size(1), value.size(1) < 16)
        let axes: [Dimension] = isNarrow ? [.fixed(value.size(2) * value.size(3))] : Array(value.shape.dropFirst(2))
        let x = isNarrow ? reshape(value, [value.shape[0], .fixed(width)] + axes) : value
        let centred = subtract(x, channelMean(x))
        let variance = try add(channelMean(multiply(centred, centred)), 1e-6)
        let normed = node("Div", [centred, node("Sqrt", [variance], x.type, variance.shape)], x.type, x.shape)
        let shape = [1, width] + axes.map { _ in 1 }
        let scale = try constant(weights.floats("\(key).weight", shape: [width]), shape, "\(key).weight")
        let bias = try constant(weights.floats("\(key).bias", shape: [width]), shape, "\(key).bias")
        let out = gelu(add(multiply(normed, scale), bias))
        return isNarrow ? reshape(out, value.shape) : out
    }

    private func channelMean(_ value: Value) -> Value {
        let shape = [value.shape[0], 1] + value.shape.dropFirst(2)
        return node("ReduceMean", [value, constant(int64: [1])], value.type, shape, [.int("keepdims", 1)])
    }

    /// 2-D convolution of `[N, C, H, W]`; the kernel is `[out, in / groups, height, width]`, the bias `[out]`.
    package func convolution(
        _ value: Value, kernel: Value, bias: Value, stride: Int = 1, padding: Int = 0, groups: Int = 1
    ) -> Value {
        let spatial = [2, 3].map { axis in
            Dimension.fixed((value.size(axis) + 2 * padding - kernel.size(axis)) / stride + 1)
        }
        return node(
            "Conv", [value, kernel, bias], value.type, [value.shape[0], kernel.shape[0]] + spatial,
            [
                .ints("kernel_shape", [kernel.size(2), kernel.size(3)]), .ints("strides", [stride, stride]),
                .ints("pads", [padding, padding, padding, padding]), .int("group", groups),
            ])
    }

    /// A convolution of the checkpoint: `key.weight` and `key.bias`.
    package func convolution(
        _ value: Value, _ key: String, outputWidth: Int, kernel: Int, stride: Int = 1, padding: Int = 0, groups: Int = 1
    ) throws -> Value {
        let matrix = try parameter("\(key).weight", [outputWidth, value.size(1) / groups, kernel, kernel])
        let bias = try parameter("\(key).bias", [outputWidth])
        return convolution(value, kernel: matrix, bias: bias, stride: stride, padding: padding, groups: groups)
    }

    /// Largest of each 2×2 block of `[N, H, W, C]` (PyTorch's MaxPool2d(2) on the channels-last map), as the larger of two rows and then of two
    /// columns: a third of the time that OpenVINO 2026.4 needs to turn the map around, pool it and turn it back.
    package func maxPool2(_ value: Value) -> Value {
        precondition(value.size(1) % 2 == 0 && value.size(2) % 2 == 0, "\(value.shape) has no whole blocks")
        let (count, rows, columns, width) = (value.size(0), value.size(1) / 2, value.size(2) / 2, value.size(3))
        let larger = largerOfPairs(reshape(value, [.fixed(count * rows), 2, .fixed(columns * 2 * width)]))
        let largest = largerOfPairs(reshape(larger, [.fixed(count * rows * columns), 2, .fixed(width)]))
        return reshape(largest, [.fixed(count), .fixed(rows), .fixed(columns), .fixed(width)])
    }

    /// The larger of `value[:, 0]` and `value[:, 1]`.
    private func largerOfPairs(_ value: Value) -> Value {
        let half = [value.shape[0], 1, value.shape[2]]
        let halves = nodes("Split", [value], [(value.type, half), (value.type, half)], [.int("axis", 1), .int("num_outputs", 2)])
        return node("Max", halves, value.type, half)
    }

    /// Largest of each 2×2 block of `[N, C, H, W]` (PyTorch's MaxPool2d(2)).
    package func maxPool2Channels(_ value: Value) -> Value {
        let shape = [value.shape[0], value.shape[1], .fixed(value.size(2) / 2), .fixed(value.size(3) / 2)]
        return node("MaxPool", [value], value.type, shape, [.ints("kernel_shape", [2, 2]), .ints("strides", [2, 2])])
    }
}
