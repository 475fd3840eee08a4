import AuralGraph

/// A checkpoint's tensors, or some of them, under other names.
package struct RenamedWeights: WeightSource {
    package let names: [String]
    /// What the checkpoint calls them, by the new names.
    private let originals: [String: String]
    private let source: any WeightSource

    /// Gives the tensors of `source` that `originals` names, each under its key there.
    package init(_ source: any WeightSource, originals: [String: String]) {
        self.source = source
        self.originals = originals
        names = originals.keys.sorted()
    }

    package var label: String { source.label }
    package var metadata: [String: String] { source.metadata }

    package func shape(of name: String) -> [Int]? {
        originals[name].flatMap { source.shape(of: $0) }
    }

    package func elementType(of name: String) -> ElementType? {
        originals[name].flatMap { source.elementType(of: $0) }
    }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        guard let original = originals[name] else {
            throw CheckpointError(file: label, reason: "tensor '\(name)' is missing; the checkpoint is incomplete or of another network")
        }
        return try source.floats(original, shape: shape)
    }
}
