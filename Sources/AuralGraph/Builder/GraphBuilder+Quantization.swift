extension GraphBuilder {
    /// The output of an `observed` graph with the least value of each channel, under a key.
    package static func leastOutput(_ key: String) -> String { "range.min.\(key)" }

    /// The output of an `observed` graph with the greatest value of each channel, under a key.
    package static func greatestOutput(_ key: String) -> String { "range.max.\(key)" }

    /// What these Linear layers, and parts of them, are to read; written once where several read the same.
    ///
    /// In 8-bit integers it is a chain of ONNX's QuantizeLinear and DequantizeLinear, which every engine reads and fast ones turn into integer products
    /// (ONNX's "QDQ" format). The first layer's name is the key of what was observed here. Throws where a constant cannot be stored.
    package func linearInput(_ value: Value, for layers: [LinearWeights]) throws -> LinearInput {
        let key = layers.first?.name ?? value.name
        let plain = LinearInput(value: value, shape: value.shape, smoothing: nil)
        switch arithmetic {
        case .float: return plain
        case .observed:
            observe(value, key)
            return plain
        case .int8(let ranges):
            guard let range = ranges[key] else { return plain }
            return try quantized(value, ActivationQuantization(range, for: layers), key)
        }
    }

    /// A Linear layer.
    package func linear(_ input: LinearInput, _ layer: LinearWeights) throws -> Value {
        guard let smoothing = input.smoothing else { return try linear(input.value, layer) }
        var product = matmul(input.value, try dequantized(WeightQuantization(layer, smoothing: smoothing), layer))
        // In two dimensions: OpenVINO 2026.4 takes a bias into its integer product only then.
        if let bias = layer.bias { product = add(product, try constant(bias, [bias.count], "\(layer.name).bias")) }
        return reshape(product, input.shape.dropLast() + [.fixed(layer.matrix.rows)])
    }

    /// A Linear layer without its bias.
    package func product(_ input: LinearInput, _ layer: LinearWeights) throws -> Value {
        var product = layer
        product.bias = nil
        return try linear(input, product)
    }

    private func observe(_ value: Value, _ key: String) {
        let axes = constant(int64: (0..<(value.rank - 1)).map(Int64.init))
        for (name, operation) in [(Self.leastOutput(key), "ReduceMin"), (Self.greatestOutput(key), "ReduceMax")] {
            output(node(operation, [value, axes], value.type, [.fixed(value.size(-1))], [.int("keepdims", 0)]), name)
        }
        observed.append((key, value.size(-1)))
    }

    private func quantized(_ value: Value, _ plan: ActivationQuantization, _ key: String) throws -> LinearInput {
        let width = value.size(-1)
        let sizes = value.shape.dropLast().map(\.size)
        let tokens = sizes.contains(nil) ? Dimension.symbol("tokens") : .fixed(sizes.reduce(1) { $0 * ($1 ?? 1) })
        let flat = reshape(value, [tokens, .fixed(width)])
        let smoothed = multiply(flat, try constant(plan.smoothing.map { 1 / $0 }, [width], "\(key).smoothing"))
        let scale = try constant([plan.scale], [], "\(key).scale")
        let zeroPoint = try constant(uint8: [plan.zeroPoint], [], "\(key).zero_point")
        let integers = node("QuantizeLinear", [smoothed, scale, zeroPoint], .uint8, smoothed.shape)
        let steps = node("DequantizeLinear", [integers, scale, zeroPoint], .float32, smoothed.shape)
        return LinearInput(value: steps, shape: value.shape, smoothing: plan.smoothing)
    }

    private func dequantized(_ weights: WeightQuantization, _ layer: LinearWeights) throws -> Value {
        let integers = try constant(int8: weights.values, [layer.matrix.columns, layer.matrix.rows], layer.name)
        let scales = try constant(weights.scales, [weights.scales.count], "\(layer.name).scale")
        return node("DequantizeLinear", [integers, scales], .float32, integers.shape, [.int("axis", 1)])
    }
}
