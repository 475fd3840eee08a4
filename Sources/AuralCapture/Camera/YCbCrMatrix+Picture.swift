import AuralCore

extension YCbCrMatrix {
    /// Converts a picture of any uncompressed format.
    ///
    /// - Parameters:
    ///   - source: at least `layout.byteCount` bytes.
    ///   - layout: made for the format and the size of `image`.
    func convert(_ source: UnsafePointer<UInt8>, _ format: PixelFormat, _ layout: PictureLayout, into image: RGBImage) {
        guard let target = image.bytes.baseAddress else { return }
        let width = image.width
        let chroma = source + layout.bytesPerLine * image.height
        let secondChroma = chroma + layout.chromaBytesPerLine * layout.chromaRows
        for y in 0..<image.height {
            let line = source + y * layout.bytesPerLine
            let pixels = target + y * width * 3
            let offset = y / 2 * layout.chromaBytesPerLine
            switch format {
            case .yuyv:
                convertPairs(YCbCrRow(luma: line, lumaStep: 2, cb: line + 1, cr: line + 3, chromaStep: 4), width: width, into: pixels)
            case .uyvy:
                convertPairs(YCbCrRow(luma: line + 1, lumaStep: 2, cb: line, cr: line + 2, chromaStep: 4), width: width, into: pixels)
            case .nv12:
                let row = YCbCrRow(luma: line, lumaStep: 1, cb: chroma + offset, cr: chroma + offset + 1, chromaStep: 2)
                convertPairs(row, width: width, into: pixels)
            case .yu12:
                let row = YCbCrRow(luma: line, lumaStep: 1, cb: chroma + offset, cr: secondChroma + offset, chromaStep: 1)
                convertPairs(row, width: width, into: pixels)
            case .grey: convertGrey(line, width: width, into: pixels)
            case .rgb24: pixels.update(from: line, count: 3 * width)
            case .bgr24:
                for x in 0..<width {
                    pixels[3 * x] = line[3 * x + 2]
                    pixels[3 * x + 1] = line[3 * x + 1]
                    pixels[3 * x + 2] = line[3 * x]
                }
            // Compressed pictures have no rows; `JPEGDecoder` reads them.
            case .mjpeg: return
            }
        }
    }
}
