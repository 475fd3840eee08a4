/// GPT-2's alphabet of 256 printable characters, one for each byte, in which `vocab.json` and `merges.txt` write tokens.
///
/// Bytes that are printable in Latin-1 stand for themselves; the others, in order, are written as U+0100 and up (a space is `Ġ`).
/// Source: Radford et al., Language Models are Unsupervised Multitask Learners (2019), and its released code's table.
enum ByteAlphabet {
    /// The character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (UInt8.min...UInt8.max).map { byte in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                // 68 bytes at most, so never a surrogate.
                return Unicode.Scalar(next) ?? "\u{100}"
            }
        }
    }()

    private static let bytes: [Unicode.Scalar: UInt8] = {
        var result: [Unicode.Scalar: UInt8] = [:]
        for (byte, scalar) in zip(UInt8.min...UInt8.max, scalars) { result[scalar] = byte }
        return result
    }()

    /// The bytes that a token stands for; nil where it has a character that is none of the alphabet's.
    static func bytes(of token: some StringProtocol) -> [UInt8]? {
        var result: [UInt8] = []
        for scalar in token.unicodeScalars {
            guard let byte = bytes[scalar] else { return nil }
            result.append(byte)
        }
        return result
    }
}
