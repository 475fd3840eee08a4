import AuralCore
import CV4L2

/// What a driver really gives, which may differ from what it was asked for.
package struct StreamFormat: Sendable, Equatable {
    /// How pictures are stored.
    package let format: PixelFormat
    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// Whether YCbCr values use 0…255.
    package let isFullRange: Bool
    /// How YCbCr values stand for colours.
    package let encoding: YCbCrEncoding
    /// Whether a library computes the format from one that we do not read.
    package let isConverted: Bool
    /// The time from frame to frame; nil where the driver does not say.
    package internal(set) var interval: FrameInterval?

    let layout: PictureLayout

    /// Reads a driver's answer to VIDIOC_S_FMT; nil where it is of no use to us.
    init?(_ answer: v4l2_pix_format, isConverted: Bool) {
        guard let format = PixelFormat(code: answer.pixelformat),
            let layout = PictureLayout(
                format, width: Int(answer.width), height: Int(answer.height), bytesPerLine: format == .mjpeg ? 0 : Int(answer.bytesperline))
        else { return nil }
        self.format = format
        self.layout = layout
        self.isConverted = isConverted
        width = Int(answer.width)
        height = Int(answer.height)
        isFullRange = Self.isFullRange(answer, format)
        encoding = Self.encoding(answer)
    }

    /// V4L2_MAP_QUANTIZATION_DEFAULT of the kernel's header, but for luma alone: infrared and industrial cameras use all 256 levels of GREY, and
    /// no driver of theirs says so.
    private static func isFullRange(_ answer: v4l2_pix_format, _ format: PixelFormat) -> Bool {
        switch answer.quantization {
        case V4L2_QUANTIZATION_FULL_RANGE.rawValue: return true
        case V4L2_QUANTIZATION_LIM_RANGE.rawValue: return false
        default:
            switch format {
            case .mjpeg, .grey, .rgb24, .bgr24: return true
            case .yuyv, .uyvy, .nv12, .yu12: return answer.colorspace == V4L2_COLORSPACE_JPEG.rawValue
            }
        }
    }

    /// V4L2_MAP_YCBCR_ENC_DEFAULT of the kernel's header; the rare rest counts as BT.601.
    private static func encoding(_ answer: v4l2_pix_format) -> YCbCrEncoding {
        switch answer.ycbcr_enc {
        case V4L2_YCBCR_ENC_709.rawValue, V4L2_YCBCR_ENC_XV709.rawValue: return .bt709
        case V4L2_YCBCR_ENC_BT2020.rawValue: return .bt2020
        case V4L2_YCBCR_ENC_DEFAULT.rawValue:
            switch answer.colorspace {
            case V4L2_COLORSPACE_REC709.rawValue, V4L2_COLORSPACE_DCI_P3.rawValue: return .bt709
            case V4L2_COLORSPACE_BT2020.rawValue: return .bt2020
            default: return .bt601
            }
        default: return .bt601
        }
    }
}

extension StreamFormat {
    /// One line for a person: what is given, and whatever of it was asked for differently, as `640x480 YUYV at 25 frames/s (asked: 30)`.
    package func summary(asked settings: CameraSettings) -> String {
        var given = "\(width)x\(height) \(format.label)"
        if isConverted { given += " (converted by libv4l2)" }
        var differences: [String] = []
        if (settings.width, settings.height) != (width, height) { differences.append("\(settings.width)x\(settings.height)") }
        if let wanted = settings.format, wanted != format { differences.append(wanted.label) }
        if let interval {
            given += " at \(Self.text(interval.rate)) frames/s"
            if abs(interval.rate - settings.rate) > 0.01 * settings.rate {
                differences.append((differences.isEmpty ? "" : "at ") + Self.text(settings.rate))
            }
        }
        return differences.isEmpty ? given : given + " (asked: \(differences.joined(separator: " ")))"
    }

    /// One line for a person: fewer frames come than were promised, and what to do about it.
    func slow(_ measured: Double, asked settings: CameraSettings) -> String {
        let advice =
            settings.isRateFixed
            ? "more light, a smaller picture or another USB port may help" : "set camera.fixed_rate = true where it exposes longer in the dark"
        return "\(Self.text(measured)) frames/s come instead of \(Self.text(interval?.rate ?? settings.rate)); \(advice)"
    }

    /// With at most two decimal places.
    private static func text(_ rate: Double) -> String {
        guard abs(rate) < 1e9 else { return "\(rate)" }
        let hundredths = Int((rate * 100).rounded())
        if hundredths % 100 == 0 { return "\(hundredths / 100)" }
        let places = hundredths % 100 < 10 ? "0\(hundredths % 100)" : "\(hundredths % 100)"
        return "\(hundredths / 100)." + (places.hasSuffix("0") ? String(places.dropLast()) : places)
    }
}
