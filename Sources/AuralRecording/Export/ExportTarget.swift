import AuralCore
import Foundation

/// A folder that is being exported to: new, or empty.
struct ExportTarget {
    /// The folder.
    let path: String

    /// Makes the folder. Throws where there is something in it already.
    init(path: String) throws(RecordingError) {
        self.path = path
        if let there = try? FileManager.default.contentsOfDirectory(atPath: path), !there.isEmpty {
            throw RecordingError(.cannotCreate, path: path, "is not empty; give another folder")
        }
        try makeFolder("")
    }

    /// Makes a folder in it.
    func makeFolder(_ name: String) throws(RecordingError) {
        let folder = name.isEmpty ? path : "\(path)/\(name)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw RecordingError(.cannotCreate, path: folder, "cannot make this folder; choose another one")
        }
    }

    /// Writes a file in it.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws(RecordingError) {
        let file = try AppendFile(path: "\(path)/\(name)")
        try file.append(Array(bytes))
    }

    /// Writes JSON in it.
    func write(json value: some Encodable, to name: String) throws(RecordingError) {
        guard let data = try? JSONText.encoder(isPretty: false).encode(value) else {
            throw RecordingError(.cannotWrite, path: "\(path)/\(name)", "cannot be encoded; this is a bug")
        }
        try write(data, to: name)
    }
}
