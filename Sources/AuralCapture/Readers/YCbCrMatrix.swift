import AuralCore

/// 8-bit YCbCr to RGB in 16-bit fixed point: what all formats share.
struct YCbCrMatrix {
    /// What chroma adds to each colour, times 2^16.
    struct Chroma {
        var red: Int32
        var green: Int32
        var blue: Int32
    }

    /// Taken off the luma first: 16 for limited range.
    private let blackLevel: Int32
    // Factors times 2^16: luma; Cr to red; Cb and Cr to green; Cb to blue.
    private let lumaFactor: Int32
    private let redCr: Int32
    private let greenCb: Int32
    private let greenCr: Int32
    private let blueCb: Int32

    /// Full range is 0…255 for all samples (JPEG), limited 16…235 luma and 16…240 chroma (video).
    init(_ encoding: YCbCrEncoding = .bt601, isFullRange: Bool) {
        let lumaScale = isFullRange ? 1.0 : 255.0 / 219.0
        let chromaScale = isFullRange ? 1.0 : 255.0 / 224.0
        let (red, blue) = encoding.weights
        let green = 1 - red - blue
        func fixed(_ value: Double) -> Int32 { Int32((value * 65536).rounded()) }
        blackLevel = isFullRange ? 0 : 16
        lumaFactor = fixed(lumaScale)
        redCr = fixed(2 * (1 - red) * chromaScale)
        blueCb = fixed(2 * (1 - blue) * chromaScale)
        greenCb = fixed(2 * (1 - blue) * blue / green * chromaScale)
        greenCr = fixed(2 * (1 - red) * red / green * chromaScale)
    }

    /// What a pair of chroma samples adds.
    @inline(__always)
    func chroma(_ cb: UInt8, _ cr: UInt8) -> Chroma {
        let b = Int32(cb) &- 128
        let r = Int32(cr) &- 128
        return Chroma(red: redCr &* r, green: 0 &- greenCb &* b &- greenCr &* r, blue: blueCb &* b)
    }

    /// Writes the three bytes of a pixel.
    @inline(__always)
    func store(_ luma: UInt8, _ chroma: Chroma, at target: UnsafeMutablePointer<UInt8>) {
        let base = (Int32(luma) &- blackLevel) &* lumaFactor &+ 32768
        target[0] = Self.clip(base &+ chroma.red)
        target[1] = Self.clip(base &+ chroma.green)
        target[2] = Self.clip(base &+ chroma.blue)
    }

    @inline(__always)
    private static func clip(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(value >> 16, 0), 255))
    }
}
