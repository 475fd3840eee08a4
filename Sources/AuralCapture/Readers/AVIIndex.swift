/// Where the video frames of an AVI file are. Found by walking the chunks themselves, so that files without an index (a recorder
/// that was switched off) read as well as others; `idx1` and OpenDML's `indx` are not needed. Sources: Microsoft's AVI RIFF file
/// reference; OpenDML AVI file format extensions 1.02.
struct AVIIndex: Equatable {
    /// A frame's bytes; a size of zero means that the frame before is shown again.
    struct Entry: Equatable {
        var offset: Int
        var size: Int
    }

    /// From the video stream's format (BITMAPINFOHEADER).
    var width: Int
    var height: Int
    /// The four-character code of the compression.
    var compression: String
    /// From the video stream's header: scale / rate.
    var frameDurationNanoseconds: Int64
    /// All frames, in the order in which they are shown.
    var frames: [Entry]

    /// True where each frame is a JPEG picture.
    var isMotionJPEG: Bool {
        ["MJPG", "AVRN", "JPEG", "DMB1", "IJPG"].contains(compression.uppercased())
    }
}
