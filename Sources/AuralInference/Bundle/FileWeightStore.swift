import AuralCore
import AuralGraph
import Foundation

/// A weights file under construction: values are appended, 64-byte aligned, and hashed as they pass.
///
/// Equal tensors are stored once: the two mask prompt stages and the decoder share some.
final class FileWeightStore: WeightStore {
    let location: String
    private let handle: FileHandle
    private var hasher: SHA256Hasher?
    private(set) var byteCount = 0
    private var known: [SHA256Digest: Int] = [:]

    /// Creates the file. Throws where that cannot be done.
    init(directory: URL, name: String) throws(GraphError) {
        location = name
        let path = directory.appending(path: name)
        do {
            try Data().write(to: path)
            handle = try FileHandle(forWritingTo: path)
            hasher = try SHA256Hasher()
        } catch {
            throw GraphError("\(path.path): cannot be written: \(error.localizedDescription)", exitStatus: .cannotCreate)
        }
    }

    func append(_ bytes: Data) throws(GraphError) -> Int {
        do {
            let digest = try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(CheckpointError) in
                let hasher = try SHA256Hasher()
                try hasher.update(raw)
                return try hasher.finish()
            }
            if let offset = known[digest] { return offset }
            let offset = byteCount
            known[digest] = offset
            try write(bytes)
            try write(Data(count: (64 - byteCount % 64) % 64))
            return offset
        } catch {
            throw GraphError("\(location): cannot be written: \(error)", exitStatus: .inputOutput)
        }
    }

    private func write(_ bytes: Data) throws {
        try handle.write(contentsOf: bytes)
        try bytes.withUnsafeBytes { (raw: UnsafeRawBufferPointer) throws(CheckpointError) in try hasher?.update(raw) }
        byteCount += bytes.count
    }

    /// Closes the file and describes it.
    func finish() throws -> BundleManifest.File {
        try handle.close()
        let digest = try hasher.take()?.finish()
        return BundleManifest.File(name: location, bytes: byteCount, sha256: digest?.description ?? "")
    }
}
