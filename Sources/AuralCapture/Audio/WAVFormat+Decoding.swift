extension WAVFormat {
    /// Turns interleaved samples into one channel's floats, full scale being ±1: integers are divided by 2^(bits − 1). Floats
    /// that are no numbers become silence, since nothing behind could recover from one.
    func decode(_ blocks: UnsafeRawBufferPointer, channel: Int, into samples: UnsafeMutableBufferPointer<Float>) {
        let count = min(samples.count, blocks.count / blockByteCount)
        var offset = channel * encoding.byteCount
        for index in 0..<count {
            samples[index] = sample(blocks, offset)
            offset += blockByteCount
        }
    }

    private func sample(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> Float {
        switch encoding {
        case .unsigned8:
            return Float(Int(bytes[offset]) - 128) / 128
        case .signed16:
            return Float(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self))) / 32_768
        case .signed24:
            let value = Int32(bytes[offset]) << 8 | Int32(bytes[offset + 1]) << 16 | Int32(bytes[offset + 2]) << 24
            return Float(value >> 8) / 8_388_608
        case .signed32:
            let value = Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
            return Float(Double(value) / 2_147_483_648)
        case .float32:
            let value = Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            return value.isFinite ? value : 0
        case .float64:
            let value = Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            let narrow = Float(value)
            return narrow.isFinite ? narrow : 0
        }
    }
}
