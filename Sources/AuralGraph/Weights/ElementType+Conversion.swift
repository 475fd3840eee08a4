extension ElementType {
    /// Converts `count` little-endian elements of `source`, from the element `start` on in steps of `step` elements, to Float.
    ///
    /// Float64 is rounded to the nearest Float, integers beyond 2^24 too; a bool is 0 or 1. The source need not be aligned
    /// (a zip archive aligns nothing by itself).
    /// - Precondition: every element that is named lies within `source`, and `target` has room for `count` values.
    func convert(
        _ source: UnsafeRawBufferPointer, start: Int, step: Int, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        if self == .float32, step == 1 {
            let bytes = UnsafeRawBufferPointer(rebasing: source[(start * 4)..<((start + count) * 4)])
            // SAFETY: the caller's promise above: `target` has room for `count` values, and Float has no invalid bit pattern.
            UnsafeMutableRawBufferPointer(start: target, count: count * 4).copyMemory(from: bytes)
            return
        }
        /// One loop for all types; `value` is inlined into it.
        @inline(__always)
        func each<Element: BitwiseCopyable>(_ type: Element.Type, _ value: (Element) -> Float) {
            for index in 0..<count {
                let offset = (start + index * step) * MemoryLayout<Element>.size
                target[index] = value(source.loadUnaligned(fromByteOffset: offset, as: type))
            }
        }
        switch self {
        case .float64: each(UInt64.self) { Float(Double(bitPattern: UInt64(littleEndian: $0))) }
        case .float32: each(UInt32.self) { Float(bitPattern: UInt32(littleEndian: $0)) }
        case .float16: each(UInt16.self) { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
        case .bfloat16: each(UInt16.self) { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) }
        case .int64: each(Int64.self) { Float(Int64(littleEndian: $0)) }
        case .int32: each(Int32.self) { Float(Int32(littleEndian: $0)) }
        case .int16: each(Int16.self) { Float(Int16(littleEndian: $0)) }
        case .int8: each(Int8.self) { Float($0) }
        case .uint8: each(UInt8.self) { Float($0) }
        case .bool: each(UInt8.self) { $0 == 0 ? 0 : 1 }
        }
    }
}
