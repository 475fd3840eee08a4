import Synchronization

/// An open PyTorch checkpoint (`.pt`, `.pth`) as torch.save writes it since PyTorch 1.6: a zip archive with a pickle, `data.pkl`,
/// and one entry for each storage.
///
/// The tensors are those of the dictionary under `model` or `state_dict` where there is one, and of the outermost dictionary
/// otherwise; whatever else is in it (optimizer, epoch) is passed over. The pickle is read by a machine that can run nothing, see
/// `PickleMachine`. The checksums of the storages, which PyTorch itself does not compare, are compared when they are first read.
package struct PyTorchCheckpoint: WeightSource {
    package let names: [String]

    private let archive: ZipArchive
    private let tensors: [String: TorchTensor]
    private let verified = VerifiedEntries()

    /// Opens the file at `path`. Throws where it cannot be read, is broken, or asks for anything but tensors.
    package init(path: String) throws(CheckpointError) {
        try self.init(MappedFile(path: path))
    }

    /// Reads the table of contents and the pickle of a file that is mapped already.
    package init(_ file: MappedFile) throws(CheckpointError) {
        archive = try ZipArchive(file)
        tensors = try TorchStateDictionary.tensors(of: archive)
        names = tensors.keys.sorted()
    }

    package var label: String { archive.file.name }

    package func shape(of name: String) -> [Int]? {
        tensors[name]?.layout.shape
    }

    package func elementType(of name: String) -> ElementType? {
        tensors[name]?.element
    }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        guard let tensor = tensors[name] else {
            throw .missing(name, in: archive.file.path, names: names)
        }
        guard tensor.layout.shape == shape else {
            throw .wrongShape(name, in: archive.file.path, found: tensor.layout.shape, expected: shape)
        }
        let bytes: MappedBytes
        if verified.contains(tensor.entry) {
            bytes = try archive.file.bytes(tensor.entry.range)
        } else {
            bytes = try archive.checkedBytes(tensor.entry)
            verified.insert(tensor.entry)
        }
        return bytes.withUnsafeBytes { tensor.layout.floats(tensor.element, storage: $0) }
    }
}

/// The entries whose checksum was found right; tensors may share a storage.
private final class VerifiedEntries: Sendable {
    private let names = Mutex<Set<String>>([])

    func contains(_ entry: ZipArchive.Entry) -> Bool {
        names.withLock { $0.contains(entry.name) }
    }

    func insert(_ entry: ZipArchive.Entry) {
        names.withLock { _ = $0.insert(entry.name) }
    }
}
