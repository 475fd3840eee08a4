/// An open safetensors file: `n` (8 bytes, little-endian), a JSON header of `n` bytes, then the tensors without gaps.
///
/// Source: the format description in huggingface/safetensors' README.
package struct SafetensorsFile: WeightSource {
    /// One tensor: where its values lie.
    struct Tensor: Sendable {
        let element: ElementType
        let shape: [Int]
        let bytes: MappedBytes
    }

    /// The header's `__metadata__`: free text that the writer left.
    package let metadata: [String: String]

    package let names: [String]

    private let file: MappedFile
    private let tensors: [String: Tensor]

    /// Opens the file at `path`. Throws where it cannot be read or its header is broken.
    package init(path: String) throws(CheckpointError) {
        try self.init(MappedFile(path: path))
    }

    /// Reads the header of a file that is mapped already.
    package init(_ file: MappedFile) throws(CheckpointError) {
        let header = try SafetensorsHeader(file)
        self.file = file
        metadata = header.metadata
        tensors = try header.tensors(in: file)
        names = tensors.keys.sorted()
    }

    package var label: String { file.name }

    package func shape(of name: String) -> [Int]? {
        tensors[name]?.shape
    }

    package func elementType(of name: String) -> ElementType? {
        tensors[name]?.element
    }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        guard let tensor = tensors[name] else {
            throw .missing(name, in: file.path, names: names)
        }
        guard tensor.shape == shape else {
            throw .wrongShape(name, in: file.path, found: tensor.shape, expected: shape)
        }
        let count = tensor.bytes.count / tensor.element.byteCount
        return tensor.bytes.withUnsafeBytes { source in
            [Float](unsafeUninitializedCapacity: count) { target, initialized in
                // SAFETY: `target` has room for `count` floats, and `source` holds `count` elements (checked by the header).
                if let base = target.baseAddress, count > 0 {
                    tensor.element.convert(source, start: 0, step: 1, count: count, into: base)
                }
                initialized = count
            }
        }
    }
}
