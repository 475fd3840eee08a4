import AuralCore
import Glibc

/// Writes float32 tensors as a safetensors file; the same tensors always give the same bytes.
///
/// Tensors and metadata are written in the order of their names (by Unicode scalars), and the header is padded with spaces to a
/// multiple of 8 bytes, so that the values are aligned. Source: the format description in huggingface/safetensors' README.
package struct SafetensorsWriter: Sendable {
    private var tensors: [String: (shape: [Int], values: [Float])] = [:]

    /// Free text for the header.
    package var metadata: [String: String] = [:]

    package init() {}

    /// Adds a tensor; `values` are in row-major order. Throws `software` where their number does not fit `shape`, or the name is
    /// taken.
    package mutating func add(_ name: String, shape: [Int], values: [Float]) throws(CheckpointError) {
        let count = shape.reduce(Int?(1)) { product, size in
            guard let product, size >= 0 else { return nil }
            let (result, overflow) = product.multipliedReportingOverflow(by: size)
            return overflow ? nil : result
        }
        guard count == values.count, name != "__metadata__", tensors[name] == nil else {
            throw CheckpointError(
                file: "safetensors",
                reason: "tensor '\(CheckpointError.printable(name))' with \(values.count) values of shape "
                    + "\(CheckpointError.brief(shape)) cannot be added; give each name once, with as many values as its shape has",
                exitStatus: .software)
        }
        tensors[name] = (shape, values)
    }

    /// The whole file in memory, for small ones.
    package func encoded() -> [UInt8] {
        var bytes = header()
        for name in tensors.keys.sorted() {
            withValues(name) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Writes the file to `path`: beside it first, then in its place, so that no reader sees half a file.
    package func write(to path: String) throws(CheckpointError) {
        let temporary = "\(path).partial"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.cannotWrite(path, errno) }
        var failure = header().withUnsafeBytes { Self.write($0, to: descriptor) }
        for name in tensors.keys.sorted() where failure == 0 {
            withValues(name) { failure = Self.write($0, to: descriptor) }
        }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        if failure != 0 {
            unlink(temporary)
            throw Self.cannotWrite(path, failure)
        }
    }

    /// The length field and the padded header.
    private func header() -> [UInt8] {
        var fields: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
        }
        var begin = 0
        for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
            let end = begin + tensor.values.count * 4
            let shape = tensor.shape.map { String($0) }.joined(separator: ",")
            fields.append("\(Self.quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var text = Array("{\(fields.joined(separator: ","))}".utf8)
        text.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }

    /// Calls `body` with the values of a tensor, little-endian.
    private func withValues(_ name: String, _ body: (UnsafeRawBufferPointer) -> Void) {
        // SAFETY: Float's memory is its bit pattern; every machine that aurald runs on is little-endian, like the file.
        tensors[name]?.values.withUnsafeBytes(body)
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Writes all bytes; returns 0 or the error number.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if written == 0 || errno != EINTR {
                return written == 0 ? EIO : errno
            }
        }
        return 0
    }

    private static func cannotWrite(_ path: String, _ number: Int32) -> CheckpointError {
        CheckpointError(
            file: path, reason: "cannot be written: \(String(cString: strerror(number))); check the folder and the free space",
            exitStatus: number == EACCES || number == EPERM ? .noPermission : .cannotCreate)
    }
}
