import AuralCore

/// Planar 8-bit YCbCr to RGB by ITU-R BT.601, in 16-bit fixed point. Every chroma sample holds for the pixels it was made from.
struct YCbCrConverter {
    /// Taken off the luma first: 16 for limited range.
    private let blackLevel: Int32
    // Factors times 2^16: luma; Cr to red; Cb and Cr to green; Cb to blue.
    private let luma: Int32
    private let redCr: Int32
    private let greenCb: Int32
    private let greenCr: Int32
    private let blueCb: Int32

    /// Full range is 0…255 for all planes (JPEG), limited 16…235 luma and 16…240 chroma (video).
    init(isFullRange: Bool) {
        let lumaScale = isFullRange ? 1.0 : 255.0 / 219.0
        let chromaScale = isFullRange ? 1.0 : 255.0 / 224.0
        // BT.601: the weights of red, green and blue in the luma.
        let (red, green, blue) = (0.299, 0.587, 0.114)
        func fixed(_ value: Double) -> Int32 { Int32((value * 65536).rounded()) }
        blackLevel = isFullRange ? 0 : 16
        luma = fixed(lumaScale)
        redCr = fixed(2 * (1 - red) * chromaScale)
        blueCb = fixed(2 * (1 - blue) * chromaScale)
        greenCb = fixed(2 * (1 - blue) * blue / green * chromaScale)
        greenCr = fixed(2 * (1 - red) * red / green * chromaScale)
    }

    /// Converts one frame; `planes` has the header's `frameByteCount` bytes and `image` its size.
    func convert(_ planes: UnsafeRawBufferPointer, _ header: Y4MHeader, into image: RGBImage) {
        guard planes.count >= header.frameByteCount, image.width == header.width, image.height == header.height,
            let source = planes.assumingMemoryBound(to: UInt8.self).baseAddress, let target = image.bytes.baseAddress
        else { return }
        // SAFETY: the guard above checked the sizes that all indices below stay within.
        let cb = source + header.width * header.height
        let cr = cb + header.chromaWidth * header.chromaHeight
        let rowShift = header.sampling == .yuv420 ? 1 : 0
        let columnShift = header.sampling == .yuv444 ? 0 : 1
        for y in 0..<header.height {
            let lumaRow = source + y * header.width
            let row = target + y * header.width * 3
            let chromaRow = (y >> rowShift) * header.chromaWidth
            for x in 0..<header.width {
                var b: Int32 = 0
                var r: Int32 = 0
                if header.sampling != .mono {
                    let index = chromaRow + (x >> columnShift)
                    b = Int32(cb[index]) - 128
                    r = Int32(cr[index]) - 128
                }
                let base = (Int32(lumaRow[x]) - blackLevel) &* luma &+ 32768
                row[3 * x] = Self.clip(base &+ redCr &* r)
                row[3 * x + 1] = Self.clip(base &- greenCb &* b &- greenCr &* r)
                row[3 * x + 2] = Self.clip(base &+ blueCb &* b)
            }
        }
    }

    @inline(__always)
    private static func clip(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(value >> 16, 0), 255))
    }
}
