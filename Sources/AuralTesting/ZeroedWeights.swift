import AuralGraph
import AuralNetworks

/// Synthetic weights of which some are zeros: networks that do not know what those would tell them.
package struct ZeroedWeights: WeightSource {
    private let all = SyntheticWeights()
    private let part: String

    /// Those whose names contain `part` are zeros.
    package init(_ part: String) { self.part = part }

    package var names: [String] { [] }
    package var label: String { all.label }
    package func shape(of name: String) -> [Int]? { nil }
    package func elementType(of name: String) -> ElementType? { .float32 }
    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        if name.contains(part) { return [Float](repeating: 0, count: shape.reduce(1, *)) }
        return try all.floats(name, shape: shape)
    }
}
