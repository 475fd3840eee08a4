/// A tensor that flows through a graph under construction: its ONNX name, element type and shape.
package struct Value: Sendable {
    /// Unique within the graph.
    package let name: String
    /// Element type.
    package let type: ValueType
    /// One entry for each axis.
    package let shape: [Dimension]

    /// The number of axes.
    package var rank: Int { shape.count }

    /// The size of an axis (negative counts from the end), which must be a fixed one.
    ///
    /// A precondition, not an error: networks ask this only of axes that they made fixed themselves.
    package func size(_ axis: Int) -> Int {
        let index = axis < 0 ? rank + axis : axis
        guard shape.indices.contains(index), let size = shape[index].size else {
            preconditionFailure("axis \(axis) of \(name) \(shape) has no fixed size")
        }
        return size
    }
}
