/// How a camera's pictures are stored. The names are V4L2's four-character codes in lower case (kernel, userspace-api/media/v4l/pixfmt).
package enum PixelFormat: String, Sendable, CaseIterable {
    /// One JPEG picture a frame; cameras often leave out the Huffman tables.
    case mjpeg
    /// 4:2:2, packed Y Cb Y Cr.
    case yuyv
    /// 4:2:2, packed Cb Y Cr Y.
    case uyvy
    /// 4:2:0: a plane of luma, then one of Cb Cr pairs.
    case nv12
    /// 4:2:0: planes of luma, Cb, Cr (V4L2 calls it YUV420).
    case yu12
    /// Luma only.
    case grey
    /// Packed R G B.
    case rgb24
    /// Packed B G R.
    case bgr24
}
