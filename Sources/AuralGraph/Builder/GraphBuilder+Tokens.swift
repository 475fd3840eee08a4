extension GraphBuilder {
    /// Whole numbers: 1 where an element differs from `number`, else 0.
    package func isNotEqual(_ value: Value, to number: Int64) -> Value {
        let isEqual = node("Equal", [value, constant(int64: [number])], .bool, value.shape)
        return cast(node("Not", [isEqual], .bool, value.shape), to: .int64)
    }

    /// Sums from the start of an axis up to each element, that one included.
    package func runningSum(_ value: Value, axis: Int) -> Value {
        node("CumSum", [value, constant(int64: [Int64(axis)], [])], value.type, value.shape)
    }
}
