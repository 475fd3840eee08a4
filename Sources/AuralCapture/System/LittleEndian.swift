/// Numbers in RIFF files are little-endian and not aligned; reading past the end gives nil.
enum LittleEndian {
    /// The 16-bit number at `offset`.
    static func uint16(_ bytes: [UInt8], _ offset: Int) -> UInt16? {
        guard offset >= 0, offset <= bytes.count - 2 else { return nil }
        return UInt16(bytes[offset]) | UInt16(bytes[offset + 1]) << 8
    }

    /// The 32-bit number at `offset`.
    static func uint32(_ bytes: [UInt8], _ offset: Int) -> UInt32? {
        guard let low = uint16(bytes, offset), let high = uint16(bytes, offset + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }

    /// The four-character code at `offset`, with anything but printable ASCII shown as a question mark.
    static func code(_ bytes: [UInt8], _ offset: Int) -> String? {
        guard offset >= 0, offset <= bytes.count - 4 else { return nil }
        let characters = bytes[offset..<offset + 4].map { (32...126).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: characters, as: UTF8.self)
    }
}
