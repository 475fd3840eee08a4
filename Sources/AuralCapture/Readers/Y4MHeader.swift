/// The first line of a YUV4MPEG2 file and the rules for its frames. Source: yuv4mpeg(5) of mjpegtools, and the X parameters that
/// ffmpeg writes (XCOLORRANGE).
struct Y4MHeader: Equatable {
    /// How the chroma planes are sampled, for 8-bit pictures.
    enum Sampling: Equatable {
        /// Half the columns, half the rows; the variants differ in where the samples sit, by half a pixel at most.
        case yuv420
        /// Half the columns.
        case yuv422
        /// All of them.
        case yuv444
        /// None.
        case mono
    }

    /// The file's first bytes.
    static let magic = Array("YUV4MPEG2 ".utf8)
    /// The longest line that is accepted, newline included.
    static let longestLine = 1024

    var width: Int
    var height: Int
    var sampling: Sampling
    /// True for 0…255 luma (XCOLORRANGE=FULL), false for 16…235.
    var isFullRange: Bool
    /// From the F parameter, in nanoseconds.
    var frameDurationNanoseconds: Int64
    /// Bytes of the header line, newline included.
    var byteCount: Int

    /// Columns of a chroma plane.
    var chromaWidth: Int {
        switch sampling {
        case .yuv420, .yuv422: (width + 1) / 2
        case .yuv444: width
        case .mono: 0
        }
    }

    /// Rows of a chroma plane.
    var chromaHeight: Int {
        switch sampling {
        case .yuv420: (height + 1) / 2
        case .yuv422, .yuv444: height
        case .mono: 0
        }
    }

    /// Bytes of a frame's planes. Both sides are at most 16384, so nothing overflows.
    var frameByteCount: Int { width * height + 2 * chromaWidth * chromaHeight }
}
