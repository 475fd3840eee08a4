/// Reads a header, a table of contents or a pickle from its beginning to its end; nil where the bytes do not suffice.
struct ByteReader: Sendable {
    private let bytes: [UInt8]

    /// The index of the next byte.
    private(set) var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The number of bytes that are left.
    var remaining: Int { bytes.count - position }

    /// The next byte.
    mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// The next `count` bytes.
    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// The next integer, little-endian.
    mutating func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer? {
        guard let field = bytes(MemoryLayout<Integer>.size) else { return nil }
        return field.reversed().reduce(into: Integer.zero) { $0 = ($0 << 8) | Integer(truncatingIfNeeded: $1) }
    }

    /// The bytes up to the next line feed, which is passed over.
    mutating func line() -> ArraySlice<UInt8>? {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { position = end + 1 }
        return bytes[position..<end]
    }
}
