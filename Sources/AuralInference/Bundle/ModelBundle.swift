import AuralCore
import AuralGraph
import AuralNetworks
import AuralText
import Foundation

/// A model bundle on disk, checked: its version is ours, every file is there with its size and hash.
package struct ModelBundle: Sendable {
    /// The folder.
    package let directory: String
    /// `bundle.json`.
    package let manifest: BundleManifest
    /// The tracker's small tensors.
    package let constants: ModelConstants

    /// Opens and checks the bundle in a folder. Throws with the file and key that is wrong, and what to do.
    package init(directory: String) throws(BundleError) {
        let path = "\(directory)/bundle.json"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BundleError("\(path): no model bundle here; make one with aurald import --output \(directory)", exitStatus: .noInput)
        }
        manifest = try Self.decode(data, path)
        self.directory = directory
        let recipe = manifest.network
        do throws(GraphError) { try recipe.validate() } catch { throw BundleError("\(path): \(error.description)") }
        guard BundleManifest.allows(imageSize: manifest.imageSize) else {
            throw BundleError("\(path): key imageSize is \(manifest.imageSize), not a multiple of 32 from 256 to 1024; import the model again")
        }
        do throws(GraphError) { try manifest.fuser?.recipe.validate() } catch { throw BundleError("\(path): \(error.description)") }
        for file in manifest.files { try Self.verify(file, in: directory) }
        for stage in Self.stages(manifest) where manifest.stages[stage.rawValue] == nil {
            throw BundleError("\(path): key stages.\(stage.rawValue) is missing; import the model again")
        }
        constants = try Self.readConstants(manifest, directory)
    }

    /// The stages, in the order in which they are loaded.
    package var stages: [StageName] { Self.stages(manifest) }

    private static func stages(_ manifest: BundleManifest) -> [StageName] {
        StageName.stages(fuser: manifest.fuser?.recipe, hasTextEncoder: manifest.text != nil)
    }

    /// The tokenizer of the bundle's text encoder; nil for a bundle without one. Throws where its tables are odd.
    package func tokenizer() throws(TextError) -> TextTokenizer? {
        guard let text = manifest.text else { return nil }
        return try TextTokenizer(vocabulary: "\(directory)/\(text.vocabulary.name)", merges: "\(directory)/\(text.merges.name)")
    }

    /// Path of a stage's ONNX file.
    package func path(of stage: StageName) -> String {
        "\(directory)/\(manifest.stages[stage.rawValue]?.name ?? stage.rawValue)"
    }

    private static func decode(_ data: Data, _ path: String) throws(BundleError) -> BundleManifest {
        struct Version: Decodable { var format: Int }
        let decoder = JSONDecoder()
        guard let version = try? decoder.decode(Version.self, from: data) else {
            throw BundleError("\(path): not a bundle description: key format is missing or the JSON is broken; import the model again")
        }
        guard version.format == BundleManifest.currentFormat else {
            throw BundleError(
                "\(path): key format is \(version.format), this aurald reads \(BundleManifest.currentFormat); import the model again with this version"
            )
        }
        do {
            return try decoder.decode(BundleManifest.self, from: data)
        } catch DecodingError.keyNotFound(let key, let context) {
            let keys = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
            throw BundleError("\(path): key \(keys) is missing; import the model again")
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw BundleError(
                "\(path): key \(context.codingPath.map(\.stringValue).joined(separator: ".")) has the wrong type; import the model again")
        } catch {
            throw BundleError("\(path): broken; import the model again")
        }
    }

    private static func verify(_ file: BundleManifest.File, in directory: String) throws(BundleError) {
        let path = "\(directory)/\(file.name)"
        guard !file.name.isEmpty, !file.name.contains("/"), file.name != ".." else {
            throw BundleError("\(directory)/bundle.json: file name \(file.name) leaves the bundle; import the model again")
        }
        do throws(CheckpointError) {
            let mapped = try MappedFile(path: path)
            guard mapped.count == file.bytes else {
                throw CheckpointError(file: path, reason: "\(mapped.count) bytes where bundle.json says \(file.bytes); import the model again")
            }
            guard try SHA256Digest.of(file: mapped).description == file.sha256 else {
                throw CheckpointError(
                    file: path, reason: "sha256 is not the one in bundle.json, the file was changed or damaged; import the model again")
            }
        } catch {
            throw BundleError(error.description, exitStatus: error.exitStatus)
        }
    }

    private static func readConstants(_ manifest: BundleManifest, _ directory: String) throws(BundleError) -> ModelConstants {
        var constants = ModelConstants()
        do throws(CheckpointError) {
            let file = try MappedFile(path: "\(directory)/\(manifest.weights.name)")
            for entry in ModelConstants.layout(manifest.network) {
                let (end, overflow) = (manifest.constants[entry.key]?.offset ?? -1).addingReportingOverflow(entry.shape.reduce(4, *))
                guard let place = manifest.constants[entry.key], place.shape == entry.shape, place.offset >= 0, !overflow else {
                    throw CheckpointError(
                        file: "\(directory)/bundle.json", reason: "key constants.\(entry.key) is missing or does not fit; import the model again")
                }
                let bytes = try file.bytes(place.offset..<end).array()
                constants[keyPath: entry.field] = bytes.withUnsafeBytes { raw in
                    (0..<(raw.count / 4)).map { Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))) }
                }
            }
        } catch {
            throw BundleError(error.description, exitStatus: error.exitStatus)
        }
        return constants
    }
}
