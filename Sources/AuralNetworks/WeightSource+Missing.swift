import AuralGraph

extension WeightSource {
    /// Checks that all tensors are there, in their shapes. Throws with the names of the first few that are missing, or with the first odd shape.
    func require(_ tensors: [(name: String, shape: [Int])], of what: String) throws(GraphError) {
        try require(tensors.map(\.name), of: what)
        for (name, expected) in tensors {
            guard let found = shape(of: name), found != expected else { continue }
            throw GraphError("\(label): key \(name) of the \(what) has shape \(found.prefix(8)), expected \(expected)")
        }
    }

    /// Checks that all names are there. Throws with the first few that are missing.
    func require(_ names: [String], of what: String) throws(GraphError) {
        let missing = names.filter { shape(of: $0) == nil }
        guard let first = missing.first else { return }
        let shown = missing.prefix(3).joined(separator: ", ")
        throw GraphError(
            missing.count == 1
                ? "\(label): key \(first) of the \(what) is missing; the checkpoint is incomplete"
                : "\(label): \(missing.count) keys of the \(what) are missing, \(missing.count > 3 ? "the first " : "")\(shown); "
                    + "the checkpoint is incomplete")
    }
}
