import AuralCore
import AuralGraph
import AuralNetworks
import Foundation

/// Reference numbers of one case, computed with the official implementation: a safetensors file with tensors stored whole, sampled
/// or as bits (Tests/Golden/README.md says how).
package struct GoldenFile: Sendable {
    private let file: SafetensorsFile

    /// Where golden files may lie: in the package, or beside it where the project keeps the larger ones.
    package static let directories: [URL] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return [root.appending(path: "Tests/Golden"), root.deletingLastPathComponent().appending(path: "shared/golden")]
    }()

    /// The path of a golden file, nil where it is not at hand.
    package static func path(_ name: String) -> String? {
        directories.map { $0.appending(path: name).path }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Opens a case, `tiny512_a` for one. Throws where it is not at hand.
    package init(_ name: String) throws {
        guard let path = Self.path("\(name).safetensors") else { throw GraphError("golden file \(name) is missing", exitStatus: .noInput) }
        file = try SafetensorsFile(path: path)
    }

    /// The names of everything stored, with their `.sample`, `.bits` … endings.
    package var names: [String] { file.names }

    /// The file's own notes.
    package var metadata: [String: String] { file.metadata }

    /// A tensor that is stored whole, nil where there is none.
    package func whole(_ name: String) throws -> [Float]? {
        guard let shape = file.shape(of: name) else { return nil }
        return try file.floats(name, shape: shape)
    }

    /// A number or a row that must be there.
    package func values(_ name: String) throws -> [Float] {
        guard let values = try whole(name) else { throw GraphError("golden tensor \(name) is missing") }
        return values
    }

    /// The largest difference between `computed` and the reference, over the reference's root mean square; infinite where the size differs.
    package func relativeError(_ name: String, _ computed: some Collection<Float>) throws -> Double {
        let values = Array(computed)
        if let reference = try whole(name) {
            guard reference.count == values.count else { return .infinity }
            let scale = (reference.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(reference.count, 1))).squareRoot()
            return Self.worst(zip(reference, values), scale)
        }
        let sample = try self.values("\(name).sample")
        let shape = try self.values("\(name).shape").map { Int($0) }
        let norm = Double(try self.values("\(name).stats")[4])
        guard shape.reduce(1, *) == values.count else { return .infinity }
        let chosen = Self.positions(name, count: sample.count, of: values.count).map { values[$0] }
        return Self.worst(zip(sample, chosen), norm / Double(values.count).squareRoot())
    }

    /// The mask stored under `name`: one byte a pixel, row-major.
    package func bits(_ name: String) throws -> [UInt8] {
        let shape = try values("\(name).shape").map { Int($0) }
        let packed = try values("\(name).bits").map { UInt8($0) }
        return (0..<shape.reduce(1, *)).map { packed[$0 / 8] >> UInt8(7 - $0 % 8) & 1 }
    }

    private static func worst(_ pairs: some Sequence<(Float, Float)>, _ scale: Double) -> Double {
        let difference = pairs.reduce(0.0) { worst, pair in
            let next = abs(Double(pair.0) - Double(pair.1))
            return next.isNaN ? .infinity : max(worst, next)
        }
        return scale > 0 ? difference / scale : (difference == 0 ? 0 : .infinity)
    }

    /// Which elements of a large tensor were stored.
    static func positions(_ name: String, count: Int, of total: Int) -> [Int] {
        guard total > count else { return Array(0..<total) }
        var stream = SplitMix64(seedName: "sample/\(name)")
        return (0..<count).map { _ in Int(stream.next() % UInt64(total)) }
    }
}
