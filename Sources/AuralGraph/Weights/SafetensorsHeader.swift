import FoundationEssentials

/// The JSON header of a safetensors file.
struct SafetensorsHeader {
    /// The longest header, from the format description.
    static let maximumByteCount = 100_000_000

    /// The names of element types in the header.
    static let elements: [String: ElementType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32, "I16": .int16,
        "I8": .int8, "U8": .uint8, "BOOL": .bool,
    ]

    /// The header's `__metadata__`.
    let metadata: [String: String]

    private let fields: [String: SafetensorsField]
    private let path: String
    private let dataStart: Int

    /// Reads the header of `file`.
    init(_ file: MappedFile) throws(CheckpointError) {
        path = file.path
        guard file.count >= 8 else {
            throw Self.broken(path, "it has \(file.count) bytes, fewer than the header's length takes")
        }
        var reader = ByteReader(try file.bytes(0..<8).array())
        guard let announced = reader.integer(UInt64.self), let length = Int(exactly: announced),
            length <= Self.maximumByteCount, length <= file.count - 8
        else {
            throw Self.broken(path, "the header's length is beyond the end of the file or over \(Self.maximumByteCount) bytes")
        }
        dataStart = 8 + length
        let text = try file.bytes(8..<dataStart).array()
        let decoded: [String: SafetensorsField]
        do {
            decoded = try JSONDecoder().decode([String: SafetensorsField].self, from: Data(text))
        } catch {
            throw Self.broken(path, "its header is not the JSON that it should be, \(Self.describe(error))")
        }
        metadata = decoded["__metadata__"]?.metadata ?? [:]
        fields = decoded.filter { $0.key != "__metadata__" }
    }

    /// The tensors, after checking that they fill the file behind the header without overlap and without holes.
    func tensors(in file: MappedFile) throws(CheckpointError) -> [String: SafetensorsFile.Tensor] {
        var tensors: [String: SafetensorsFile.Tensor] = [:]
        var end = 0
        let inOrder = fields.sorted { ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key) }
        for (name, field) in inOrder {
            let quoted = "tensor '\(CheckpointError.printable(name))'"
            guard let type = field.type, let shape = field.shape else {
                throw Self.broken(path, "\(quoted) lacks dtype, shape or data_offsets")
            }
            guard let element = Self.elements[type] else {
                throw CheckpointError(
                    file: path,
                    reason: "\(quoted) has the dtype '\(CheckpointError.printable(type))', which is not read; "
                        + "convert it to F32, F16 or BF16")
            }
            guard let byteCount = Self.byteCount(shape, element) else {
                throw Self.broken(path, "\(quoted) has an impossible shape \(CheckpointError.brief(shape))")
            }
            guard field.begin == end, field.end >= field.begin, field.end - field.begin == byteCount else {
                throw Self.broken(
                    path,
                    "\(quoted) has data_offsets [\(field.begin), \(field.end)], "
                        + "but \(byteCount) bytes from \(end) on were expected")
            }
            guard field.end <= file.count - dataStart else {
                throw Self.broken(path, "\(quoted) ends beyond the end of the file, which is cut short")
            }
            end = field.end
            let bytes = try file.bytes((dataStart + field.begin)..<(dataStart + field.end))
            tensors[name] = SafetensorsFile.Tensor(element: element, shape: shape, bytes: bytes)
        }
        guard end == file.count - dataStart else {
            throw Self.broken(path, "\(file.count - dataStart - end) bytes at its end belong to no tensor")
        }
        return tensors
    }

    /// The bytes that a tensor takes, nil where that is negative or no number.
    private static func byteCount(_ shape: [Int], _ element: ElementType) -> Int? {
        guard shape.count <= TensorLayout.maximumRank, shape.allSatisfy({ $0 >= 0 }) else { return nil }
        if shape.contains(0) { return 0 }
        var count = element.byteCount
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            count = product
        }
        return count
    }

    private static func broken(_ path: String, _ what: String) -> CheckpointError {
        CheckpointError(file: path, reason: "a broken safetensors file: \(what); download or copy it again")
    }

    /// Where and why decoding failed, in the words of Foundation.
    private static func describe(_ error: any Error) -> String {
        let context: DecodingError.Context? =
            switch error as? DecodingError {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
                .dataCorrupted(let context):
                context
            default: nil
            }
        let place = context?.codingPath.map(\.stringValue).joined(separator: ".") ?? ""
        let location = place.isEmpty ? "" : "at '\(CheckpointError.printable(place))': "
        return location + CheckpointError.printable(context?.debugDescription ?? "cannot be decoded")
    }
}
