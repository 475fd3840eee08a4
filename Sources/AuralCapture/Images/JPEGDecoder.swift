import AuralCore
import CTurboJPEG

/// JPEG to RGB through libjpeg-turbo, with the accurate inverse DCT and smooth chroma upsampling: the defaults of libjpeg, and
/// therefore the pixels that Pillow gives.
///
/// Frames of Motion-JPEG streams often carry no Huffman tables; libjpeg-turbo then takes the standard ones (ITU-T T.81, annex K.3).
package final class JPEGDecoder {
    // SAFETY: the handle belongs to this object alone, which is not Sendable.
    private var handle: tjhandle

    /// Makes a decoder, to be used by one thread at a time and kept for many pictures.
    package init() throws(CaptureError) {
        handle = try Self.makeHandle()
    }

    private static func makeHandle() throws(CaptureError) -> tjhandle {
        guard let handle = tjInitDecompress() else {
            throw CaptureError(
                .misuse, path: "libturbojpeg", "the JPEG decoder cannot be made: \(String(cString: tjGetErrorStr()))")
        }
        return handle
    }

    deinit {
        tjDestroy(handle)
    }

    /// Decodes one picture.
    ///
    /// - Parameters:
    ///   - data: the picture.
    ///   - name: the file that errors name.
    ///   - pool: gives the memory.
    ///   - side: decode at a half, a quarter or an eighth where both sides of the result stay at least this long; nil for full size.
    ///   - check: looks at the full width and height before anything is decoded.
    package func decode(
        _ data: UnsafeRawBufferPointer, name: String, pool: ImagePool, atLeast side: Int? = nil,
        check: (Int, Int) throws(CaptureError) -> Void = { _, _ in }
    ) throws(CaptureError) -> RGBImage {
        guard data.count >= 4, let start = data.assumingMemoryBound(to: UInt8.self).baseAddress else {
            throw CaptureError(.truncated(frame: nil), path: name, "\(data.count) bytes are no JPEG picture")
        }
        var width: Int32 = 0
        var height: Int32 = 0
        var subsampling: Int32 = 0
        var colorSpace: Int32 = 0
        let size = UInt(data.count)
        guard tjDecompressHeader3(handle, start, size, &width, &height, &subsampling, &colorSpace) == 0 else {
            let message = lastMessage
            try renew()
            throw CaptureError(.malformed, path: name, "broken JPEG header (\(message)); save the picture again")
        }
        // A file of tables only has a header without a picture.
        guard width > 0, height > 0 else {
            throw CaptureError(.malformed, path: name, "a JPEG header without a picture; save the picture again")
        }
        guard colorSpace != Int32(TJCS_CMYK.rawValue), colorSpace != Int32(TJCS_YCCK.rawValue) else {
            throw CaptureError(.unsupportedFormat, path: name, "a CMYK JPEG; convert it to RGB")
        }
        // The shortest code for a block of 8x8 pixels is one bit, so a real picture is never this much larger than its file.
        guard Int(width) * Int(height) / 4096 <= data.count else {
            throw CaptureError(.malformed, path: name, "\(data.count) bytes cannot hold a JPEG picture of \(width)x\(height)")
        }
        try check(Int(width), Int(height))
        let divisor = Self.divisor(Int(width), Int(height), atLeast: side)
        // What libjpeg makes of a fraction (TJSCALED): rounded up.
        let columns = (Int(width) + divisor - 1) / divisor
        let rows = (Int(height) + divisor - 1) / divisor
        guard let image = pool.image(width: columns, height: rows) else {
            throw .tooLarge(path: name, width: columns, height: rows)
        }
        let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
        let status = tjDecompress2(
            handle, start, size, image.bytes.baseAddress, Int32(clamping: columns), Int32(clamping: columns * 3), Int32(clamping: rows),
            Int32(TJPF_RGB.rawValue), flags)
        if status != 0 {
            try judgeFailure(data, name: name)
        }
        return image
    }

    /// The largest power of two by which both sides may be divided. libjpeg-turbo knows all eighths (tjGetScalingFactors), but only these are
    /// quicker than full size: the others have no vector code.
    private static func divisor(_ width: Int, _ height: Int, atLeast side: Int?) -> Int {
        guard let side, side > 0 else { return 1 }
        return [8, 4, 2].first { (min(width, height) + $0 - 1) / $0 >= side } ?? 1
    }

    /// Takes a new handle. libjpeg-turbo 2.1 goes on in the middle of a header that was broken: with the old handle every later picture fails.
    private func renew() throws(CaptureError) {
        let fresh = try Self.makeHandle()
        tjDestroy(handle)
        handle = fresh
    }

    private var lastMessage: String { String(cString: tjGetErrorStr2(handle)) }

    /// Decides whether a failed call left a usable picture. libjpeg warns about stray bytes between markers, which webcams
    /// really send; the picture is complete then. Only data that end too early are refused, as Pillow does.
    private func judgeFailure(_ data: UnsafeRawBufferPointer, name: String) throws(CaptureError) {
        let message = lastMessage
        guard tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) else {
            try renew()
            throw CaptureError(.malformed, path: name, "broken JPEG data (\(message)); save the picture again")
        }
        // Only the first warning's text is kept, so the end marker is looked for as well; cameras pad with zeros after it.
        var end = data.count
        while end > 2, data[end - 1] == 0 { end -= 1 }
        let isComplete = end >= 2 && data[end - 2] == 0xFF && data[end - 1] == 0xD9
        if !isComplete || message.hasPrefix("Premature end") {
            throw CaptureError(.truncated(frame: nil), path: name, "the JPEG data end too early; copy the file again")
        }
    }
}
