/// How a sound card writes a sample. All are little-endian and signed.
package enum SampleFormat: String, Sendable, CaseIterable {
    /// 16 bits, `S16_LE`.
    case s16 = "S16_LE"
    /// 32 bits, `S32_LE`; cards of 24 bits leave the lowest ones 0.
    case s32 = "S32_LE"
    /// 32 bits floating point, `FLOAT_LE`; full scale is ±1.
    case float = "FLOAT_LE"
    /// 24 bits in 3 bytes, `S24_3LE`.
    case packed24 = "S24_3LE"
    /// 24 bits in the lower 3 of 4 bytes, `S24_LE`.
    case padded24 = "S24_LE"

    /// Bytes of a sample.
    package var bytes: Int {
        switch self {
        case .s16: 2
        case .packed24: 3
        case .s32, .float, .padded24: 4
        }
    }

    /// Reads samples into `destination`, as many as both hold. Full scale is ±1, so integers are divided by 2¹⁵, 2²³ or 2³¹; 32 bits are
    /// rounded to float32, all others stay exact. Floating-point samples that are no number become 0.
    package func decode(_ source: RawSpan, into destination: inout MutableSpan<Float>) {
        let count = min(source.byteCount / bytes, destination.count)
        for index in 0..<count {
            let value: Float
            switch self {
            case .s16: value = Float(Int16(truncatingIfNeeded: integer(source, index))) * 0x1p-15
            case .s32: value = Float(Int32(truncatingIfNeeded: integer(source, index))) * 0x1p-31
            case .packed24, .padded24: value = Float((Int32(truncatingIfNeeded: integer(source, index)) << 8) >> 8) * 0x1p-23
            case .float:
                let sample = Float(bitPattern: UInt32(truncatingIfNeeded: integer(source, index)))
                value = sample.isFinite ? sample : 0
            }
            destination[index] = value
        }
    }

    /// The bytes of one sample, the first one lowest.
    private func integer(_ source: RawSpan, _ index: Int) -> UInt64 {
        var value: UInt64 = 0
        for byte in 0..<bytes {
            // SAFETY: any byte is a UInt8; `decode` asks for no sample beyond the end, and the span checks that as well.
            value |= UInt64(source.unsafeLoad(fromByteOffset: index * bytes + byte, as: UInt8.self)) << UInt64(8 * byte)
        }
        return value
    }
}
