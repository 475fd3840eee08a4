/// Finds the tensors of a PyTorch checkpoint: reads its pickle, then looks for the state dict in it.
enum TorchStateDictionary {
    /// The names under which training scripts put the state dict.
    static let wrappers = ["model", "state_dict"]

    /// How many dictionaries may be wrapped around the state dict.
    static let maximumDepth = 8

    /// The tensors of the state dict by name.
    static func tensors(of archive: ZipArchive) throws(CheckpointError) -> [String: TorchTensor] {
        let path = archive.file.path
        let root = try root(of: archive)
        try checkByteOrder(of: archive, root: root)
        guard let entry = archive.entries["\(root)/data.pkl"] else { return [:] }
        guard entry.range.count <= PickleLimits.byteCount else {
            throw CheckpointError(
                file: path,
                reason: "'data.pkl' has \(entry.range.count) bytes, more than any state dict; save only the state dict")
        }
        var machine = PickleMachine(try archive.checkedBytes(entry).array(), archive: archive, root: root)
        guard case .dictionary(let outermost) = try machine.run() else {
            throw CheckpointError(
                file: path, reason: "it holds no dictionary of tensors; save model.state_dict() with torch.save")
        }
        let slot = stateDictionary(in: machine.heap, from: outermost)
        var tensors: [String: TorchTensor] = [:]
        // A key that was set twice has its last value, as in Python.
        for (key, value) in machine.heap.dictionaries[slot] {
            if case .tensor(let index) = value {
                tensors[key] = machine.heap.tensors[index]
            } else {
                tensors[key] = nil
            }
        }
        guard !tensors.isEmpty else {
            let keys = machine.heap.dictionaries[outermost].prefix(5).map { "'\(CheckpointError.printable($0.key, limit: 40))'" }
            throw CheckpointError(
                file: path,
                reason: "no tensors in it or under 'model' or 'state_dict' (its keys: \(keys.joined(separator: ", "))); "
                    + "save model.state_dict() with torch.save")
        }
        return tensors
    }

    /// Follows the wrappers from the outermost dictionary inwards.
    private static func stateDictionary(in heap: PickleHeap, from outermost: Int) -> Int {
        var slot = outermost
        for _ in 0..<maximumDepth {
            var inner: Int?
            for wrapper in wrappers where inner == nil {
                if case .dictionary(let found) = heap.dictionaries[slot].last(where: { $0.key == wrapper })?.value {
                    inner = found
                }
            }
            guard let inner else { break }
            slot = inner
        }
        return slot
    }

    /// The folder that `data.pkl` is in, which has the name of the file that torch.save wrote to.
    private static func root(of archive: ZipArchive) throws(CheckpointError) -> String {
        let suffix = "/data.pkl"
        let roots = archive.entries.keys.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
            .filter { !$0.isEmpty && !$0.contains("/") }
        guard let root = roots.first else {
            throw CheckpointError(
                file: archive.file.path,
                reason: "a zip archive without '*/data.pkl', so not a PyTorch checkpoint; write it with torch.save")
        }
        guard roots.count == 1 else {
            throw CheckpointError(
                file: archive.file.path, reason: "a zip archive with \(roots.count) files '*/data.pkl'; write it with torch.save")
        }
        guard archive.entries["\(root)/constants.pkl"] == nil else {
            throw CheckpointError(
                file: archive.file.path,
                reason: "a TorchScript program, not a checkpoint; save model.state_dict() with torch.save")
        }
        if let packed = archive.entries.values.filter({ $0.method != 0 }).min(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let kind = packed.method == 8 ? "deflate" : "method \(packed.method)"
            throw CheckpointError(
                file: archive.file.path,
                reason: "entry '\(CheckpointError.printable(packed.name))' is compressed (\(kind)), but torch.save stores its "
                    + "entries as they are; write the checkpoint again with torch.save")
        }
        return root
    }

    /// The file `byteorder` says how the storages are written; it is missing before PyTorch 2.1, which wrote little-endian.
    private static func checkByteOrder(of archive: ZipArchive, root: String) throws(CheckpointError) {
        guard let entry = archive.entries["\(root)/byteorder"] else { return }
        guard entry.range.count <= 16, try archive.checkedBytes(entry).array() == Array("little".utf8) else {
            throw CheckpointError(
                file: archive.file.path,
                reason: "its 'byteorder' is not 'little'; write it again with torch.save on a little-endian machine")
        }
    }
}
