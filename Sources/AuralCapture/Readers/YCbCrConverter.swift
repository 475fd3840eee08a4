import AuralCore

/// Planar 8-bit YCbCr to RGB by ITU-R BT.601. Every chroma sample holds for the pixels it was made from.
struct YCbCrConverter {
    private let matrix: YCbCrMatrix

    /// Full range is 0…255 for all planes (JPEG), limited 16…235 luma and 16…240 chroma (video).
    init(isFullRange: Bool) {
        matrix = YCbCrMatrix(isFullRange: isFullRange)
    }

    /// Converts one frame; `planes` has the header's `frameByteCount` bytes and `image` its size.
    func convert(_ planes: UnsafeRawBufferPointer, _ header: Y4MHeader, into image: RGBImage) {
        guard planes.count >= header.frameByteCount, image.width == header.width, image.height == header.height,
            let source = planes.assumingMemoryBound(to: UInt8.self).baseAddress, let target = image.bytes.baseAddress
        else { return }
        // SAFETY: the guard above checked the sizes that all rows below stay within.
        let cb = source + header.width * header.height
        let cr = cb + header.chromaWidth * header.chromaHeight
        for y in 0..<header.height {
            let luma = source + y * header.width
            let pixels = target + y * header.width * 3
            let offset = (header.sampling == .yuv420 ? y / 2 : y) * header.chromaWidth
            let row = YCbCrRow(luma: luma, lumaStep: 1, cb: cb + offset, cr: cr + offset, chromaStep: 1)
            switch header.sampling {
            case .mono: matrix.convertGrey(luma, width: header.width, into: pixels)
            case .yuv444: matrix.convertSingles(row, width: header.width, into: pixels)
            case .yuv420, .yuv422: matrix.convertPairs(row, width: header.width, into: pixels)
            }
        }
    }
}
