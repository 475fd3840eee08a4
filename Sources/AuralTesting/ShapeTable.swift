import AuralCore
import AuralGraph
import AuralNetworks
import Foundation
import Synchronization

/// A checkpoint of which only names and shapes are known; values come from `SyntheticWeights`. It remembers what was asked for.
package final class ShapeTable: WeightSource {
    package let label: String
    private let shapes: [String: [Int]]
    private let weights = SyntheticWeights()
    private let asked = Mutex<Set<String>>([])

    /// The official networks' tables in Tests/Golden/shapes.json, by name.
    package static func official() throws -> [String: [String: [Int]]] {
        guard let path = GoldenFile.path("shapes.json") else { throw GraphError("golden file shapes.json is missing", exitStatus: .noInput) }
        return try JSONDecoder().decode([String: [String: [Int]]].self, from: Data(contentsOf: URL(filePath: path)))
    }

    /// A table of these shapes.
    package init(_ label: String, _ shapes: [String: [Int]]) {
        self.label = label
        self.shapes = shapes
    }

    /// The table of an official network.
    package convenience init(official name: String) throws {
        guard let shapes = try Self.official()[name] else { throw GraphError("no shapes of \(name)") }
        self.init(name, shapes)
    }

    package var names: [String] { shapes.keys.sorted() }
    package func shape(of name: String) -> [Int]? { shapes[name] }
    package func elementType(of name: String) -> ElementType? { shapes[name] == nil ? nil : .float32 }

    /// Tensors that nobody asked for so far, sorted.
    package var unused: [String] { asked.withLock { asked in names.filter { !asked.contains($0) } } }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        guard let known = shapes[name] else { throw CheckpointError(file: label, reason: "key \(name) is missing") }
        guard known == shape else { throw CheckpointError(file: label, reason: "key \(name) has shape \(known), not \(shape)") }
        asked.withLock { _ = $0.insert(name) }
        return try weights.floats(name, shape: shape)
    }
}
