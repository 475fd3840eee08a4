import AuralCore

/// Where the samples of an uncompressed picture lie: bytes a row, planes, and how many bytes there must be at least.
struct PictureLayout: Equatable {
    /// Bytes from one row of the first plane to the next.
    let bytesPerLine: Int
    /// Bytes from one row of a chroma plane to the next; 0 where there is none. V4L2 gives the luma plane's only, and the rule for the others
    /// (userspace-api/media/v4l/pixfmt-yuv-planar).
    let chromaBytesPerLine: Int
    /// Rows of a chroma plane.
    let chromaRows: Int
    /// The least number of bytes that hold the picture; the padding of the last row may be missing. For `mjpeg` that of its first marker.
    let byteCount: Int

    /// Where the samples lie; nil for sizes that `RGBImage` does not take, and for rows that are shorter than their pixels.
    ///
    /// - Parameter bytesPerLine: as the driver says; 0 where it does not.
    init?(_ format: PixelFormat, width: Int, height: Int, bytesPerLine: Int) {
        guard RGBImage.byteCount(width: width, height: height) != nil, (0...1 << 20).contains(bytesPerLine) else { return nil }
        let pairs = (width + 1) / 2
        let least =
            switch format {
            case .mjpeg: 0
            case .yuyv, .uyvy: 4 * pairs
            case .nv12, .yu12, .grey: width
            case .rgb24, .bgr24: 3 * width
            }
        let line = format == .mjpeg || bytesPerLine == 0 ? least : bytesPerLine
        guard line >= least else { return nil }
        self.bytesPerLine = line
        switch format {
        case .mjpeg:
            (chromaBytesPerLine, chromaRows, byteCount) = (0, 0, 4)
        case .yuyv, .uyvy, .grey, .rgb24, .bgr24:
            (chromaBytesPerLine, chromaRows, byteCount) = (0, 0, line * (height - 1) + least)
        case .nv12:
            chromaBytesPerLine = max(line, 2 * pairs)
            chromaRows = (height + 1) / 2
            byteCount = line * height + chromaBytesPerLine * (chromaRows - 1) + 2 * pairs
        case .yu12:
            chromaBytesPerLine = (line + 1) / 2
            chromaRows = (height + 1) / 2
            byteCount = line * height + chromaBytesPerLine * (2 * chromaRows - 1) + pairs
        }
    }
}
