extension GraphBuilder {
    /// `left + right`, with NumPy's broadcasting.
    package func add(_ left: Value, _ right: Value) -> Value { elementwise("Add", left, right) }

    /// `left - right`, with NumPy's broadcasting.
    package func subtract(_ left: Value, _ right: Value) -> Value { elementwise("Sub", left, right) }

    /// `left * right`, with NumPy's broadcasting.
    package func multiply(_ left: Value, _ right: Value) -> Value { elementwise("Mul", left, right) }

    /// `value * factor`.
    package func multiply(_ value: Value, by factor: Float) throws -> Value {
        multiply(value, try constant([factor], [1], "factor"))
    }

    /// `value + summand`.
    package func add(_ value: Value, _ summand: Float) throws -> Value {
        add(value, try constant([summand], [1], "summand"))
    }

    /// max(0, x).
    package func relu(_ value: Value) -> Value { unary("Relu", value) }

    /// 1 / (1 + exp(−x)).
    package func sigmoid(_ value: Value) -> Value { unary("Sigmoid", value) }

    /// Hyperbolic tangent.
    package func tanh(_ value: Value) -> Value { unary("Tanh", value) }

    /// Gaussian error linear unit, the exact form with erf (PyTorch's default).
    package func gelu(_ value: Value) -> Value { unary("Gelu", value) }

    /// sin(x), radians.
    package func sin(_ value: Value) -> Value { unary("Sin", value) }

    /// cos(x), radians.
    package func cos(_ value: Value) -> Value { unary("Cos", value) }

    /// 1.0 where `value` > `threshold`, else 0.0.
    package func isGreater(_ value: Value, than threshold: Float) throws -> Value {
        let limit = try constant([threshold], [1], "threshold")
        return cast(node("Greater", [value, limit], .bool, value.shape), to: .float32)
    }

    /// The same numbers in another element type.
    package func cast(_ value: Value, to type: ValueType) -> Value {
        node("Cast", [value], type, value.shape, [.int("to", Int(type.rawValue))])
    }

    /// softmax along an axis.
    package func softmax(_ value: Value, axis: Int = -1) -> Value {
        node("Softmax", [value], value.type, value.shape, [.int("axis", axis)])
    }

    private func unary(_ opType: String, _ value: Value) -> Value {
        node(opType, [value], value.type, value.shape)
    }

    private func elementwise(_ opType: String, _ left: Value, _ right: Value) -> Value {
        node(opType, [left, right], left.type, Self.broadcast(left.shape, right.shape))
    }

    /// The shape of an elementwise result under NumPy's rules.
    static func broadcast(_ left: [Dimension], _ right: [Dimension]) -> [Dimension] {
        let rank = max(left.count, right.count)
        return (0..<rank).map { axis in
            let leftAxis = axis - (rank - left.count)
            let rightAxis = axis - (rank - right.count)
            let first = leftAxis >= 0 ? left[leftAxis] : 1
            let second = rightAxis >= 0 ? right[rightAxis] : 1
            if first == second || second == 1 { return first }
            if first == 1 { return second }
            // Two different symbols: the caller promises that the second is 1 or equal to the first.
            precondition(first.size == nil && second.size == nil, "shapes \(left) and \(right) do not broadcast")
            return first
        }
    }
}
