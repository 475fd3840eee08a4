import AuralCore

extension Y4MHeader {
    /// Reads the header line from the beginning of a file (`bytes` may go on with frames).
    static func parse(_ bytes: [UInt8], path: String) throws(CaptureError) -> Y4MHeader {
        let line = bytes.prefix(longestLine).prefix { $0 != UInt8(ascii: "\n") }
        guard line.starts(with: magic) else { throw malformed(path, "does not begin with YUV4MPEG2") }
        guard line.count < min(bytes.count, longestLine) else {
            throw CaptureError(.truncated(frame: nil), path: path, "the Y4M header line does not end; make the file again")
        }
        var width: Int?
        var height: Int?
        var header = Y4MHeader(
            width: 0, height: 0, sampling: .yuv420, isFullRange: false, frameDurationNanoseconds: 0, byteCount: line.count + 1)
        for field in String(decoding: line.dropFirst(magic.count), as: UTF8.self).split(separator: " ") {
            let value = field.dropFirst()
            switch field.first {
            case "W": width = Int(value)
            case "H": height = Int(value)
            case "F": header.frameDurationNanoseconds = try duration(value, path)
            case "I": try checkInterlacing(value, path)
            case "C": header.sampling = try sampling(value, path)
            case "X": header.isFullRange = try range(value, path) ?? header.isFullRange
            case "A": break  // the shape of a pixel; masks are made of the pixels as they are
            default: throw malformed(path, "unknown parameter \(field) in the Y4M header")
            }
        }
        guard let width, let height else { throw malformed(path, "no width (W) or height (H) in the Y4M header") }
        guard RGBImage.byteCount(width: width, height: height) != nil else {
            throw .tooLarge(path: path, width: width, height: height)
        }
        guard header.frameDurationNanoseconds > 0 else {
            throw malformed(path, "no frame rate (F) in the Y4M header")
        }
        header.width = width
        header.height = height
        return header
    }

    private static func malformed(_ path: String, _ what: String) -> CaptureError {
        CaptureError(.malformed, path: path, "\(what); make the file again, for instance with ffmpeg -pix_fmt yuv420p out.y4m")
    }

    private static func duration(_ value: Substring, _ path: String) throws(CaptureError) -> Int64 {
        let parts = value.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let rate = Int64(parts[0]), let scale = Int64(parts[1]),
            let duration = FrameDuration.nanoseconds(rate: rate, scale: scale)
        else { throw malformed(path, "frame rate F\(value) in the Y4M header") }
        return duration
    }

    private static func checkInterlacing(_ value: Substring, _ path: String) throws(CaptureError) {
        guard ["p", "?", "t", "b", "m"].contains(value) else { throw malformed(path, "interlacing I\(value) in the Y4M header") }
        guard ["p", "?"].contains(value) else {
            throw CaptureError(.unsupportedFormat, path: path, "interlaced video; deinterlace it first (ffmpeg -vf yadif)")
        }
    }

    private static func sampling(_ value: Substring, _ path: String) throws(CaptureError) -> Sampling {
        switch value {
        case "420", "420jpeg", "420mpeg2", "420paldv": .yuv420
        case "422": .yuv422
        case "444": .yuv444
        case "mono": .mono
        default:
            throw CaptureError(
                .unsupportedFormat, path: path,
                "pixel format C\(value); convert it to 8-bit 4:2:0, 4:2:2, 4:4:4 or mono (ffmpeg -pix_fmt yuv420p)")
        }
    }

    /// The XCOLORRANGE parameter; nil for any other X parameter, which are comments by the format's rules.
    private static func range(_ value: Substring, _ path: String) throws(CaptureError) -> Bool? {
        guard value.hasPrefix("COLORRANGE=") else { return nil }
        switch value.dropFirst("COLORRANGE=".count) {
        case "FULL": return true
        case "LIMITED": return false
        default: throw malformed(path, "colour range X\(value) in the Y4M header")
        }
    }
}
