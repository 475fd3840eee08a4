import AuralCore
import CV4L2

extension PixelFormat {
    /// The format of a V4L2 four-character code; nil for those that we do not read.
    init?(code: UInt32) {
        switch code {
        case cv4l2_pix_fmt_mjpeg, cv4l2_pix_fmt_jpeg: self = .mjpeg
        case cv4l2_pix_fmt_yuyv: self = .yuyv
        case cv4l2_pix_fmt_uyvy: self = .uyvy
        case cv4l2_pix_fmt_nv12: self = .nv12
        case cv4l2_pix_fmt_yuv420: self = .yu12
        case cv4l2_pix_fmt_grey: self = .grey
        case cv4l2_pix_fmt_rgb24: self = .rgb24
        case cv4l2_pix_fmt_bgr24: self = .bgr24
        default: return nil
        }
    }

    /// A four-character code as text, for people. The highest bit marks big-endian variants.
    package static func text(of code: UInt32) -> String {
        let characters = (0..<4).map { shift in
            let byte = UInt8(truncatingIfNeeded: (code & 0x7FFF_FFFF) >> UInt32(8 * shift))
            return (33...126).contains(byte) ? Character(UnicodeScalar(byte)) : " "
        }
        let text = String(characters.reversed().drop { $0 == " " }.reversed())
        return code & 0x8000_0000 == 0 ? text : text + "-BE"
    }

    /// The name for people: V4L2's, in capitals.
    var label: String { rawValue.uppercased() }
}
