/// The cyclic redundancy check of zip archives (polynomial 0xEDB88320, APPNOTE.TXT 4.4.7), eight bytes a step.
enum CRC32 {
    /// Table k, entry b: the check of the byte b followed by k zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            tables[byte] = (0..<8).reduce(UInt32(byte)) { value, _ in
                value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1
            }
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    /// The check of `bytes`.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { table in
            var check = UInt32.max
            var position = 0
            while bytes.count - position >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)) ^ UInt64(check)
                check = 0
                for byte in 0..<8 {
                    check ^= table[(7 - byte) * 256 + Int((word >> UInt64(8 * byte)) & 0xFF)]
                }
                position += 8
            }
            while position < bytes.count {
                check = (check >> 8) ^ table[Int((check ^ UInt32(bytes[position])) & 0xFF)]
                position += 1
            }
            return ~check
        }
    }
}
