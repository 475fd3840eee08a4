import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct Y4MTests {
    /// BT.601 in floating point, from one triple of samples.
    private func rgb(_ y: UInt8, _ cb: UInt8, _ cr: UInt8, full: Bool) -> [Double] {
        let luma = full ? Double(y) / 255 : (Double(y) - 16) / 219
        let (b, r) =
            full ? ((Double(cb) - 128) / 255, (Double(cr) - 128) / 255) : ((Double(cb) - 128) / 224, (Double(cr) - 128) / 224)
        let red = luma + 1.402 * r
        let blue = luma + 1.772 * b
        let green = (luma - 0.299 * red - 0.114 * blue) / 0.587
        return [red, green, blue].map { min(max($0 * 255, 0), 255) }
    }

    @Test(
        "planes become RGB by BT.601 to within rounding",
        arguments: [
            ("c420jpeg", 2, 2, false, 33_366_667), ("c420_odd_full", 2, 2, true, 40_000_000), ("c422", 2, 1, false, 41_666_667),
            ("c444", 1, 1, false, 100_000_000), ("mono", 0, 0, false, 100_000_000),
        ] as [(String, Int, Int, Bool, Int64)])
    func conversion(name: String, stepX: Int, stepY: Int, full: Bool, duration: Int64) throws {
        let file = try Fixtures.bytes("video/\(name).y4m")
        let reader = try FrameReaders.open(Fixtures.path("video/\(name).y4m"), pool: ImagePool())
        #expect(reader.frameDurationNanoseconds == duration)
        let (w, h) = (reader.width, reader.height)
        let (cw, ch) = stepX == 0 ? (0, 0) : ((w + stepX - 1) / stepX, (h + stepY - 1) / stepY)
        var offset = try #require(file.firstIndex(of: 10)) + 1
        var number = 0
        while let image = try reader.next() {
            let planes = Array(file[(offset + 6)..<(offset + 6 + w * h + 2 * cw * ch)])
            offset += 6 + planes.count
            number += 1
            for y in 0..<h {
                for x in 0..<w {
                    let chroma = stepX == 0 ? 0 : w * h + (y / stepY) * cw + x / stepX
                    let cb = stepX == 0 ? 128 : planes[chroma]
                    let cr = stepX == 0 ? 128 : planes[chroma + cw * ch]
                    let expected = rgb(planes[y * w + x], cb, cr, full: full)
                    for c in 0..<3 {
                        #expect(abs(Double(image.bytes[(y * w + x) * 3 + c]) - expected[c]) <= 0.51)
                    }
                }
            }
        }
        #expect(offset == file.count)
        #expect(reader.frameCount == number && number >= 2)
        try reader.rewind()
        #expect(try reader.next() != nil)
    }

    @Test(
        "a wrong header is refused with the reason",
        arguments: [
            ("YUV4MPEG2 H4 F1:1\nFRAME\n", "no width", .malformed), ("YUV4MPEG2 W4 F1:1\nFRAME\n", "height", .malformed),
            ("YUV4MPEG2 W4 H4\nFRAME\n", "frame rate", .malformed), ("YUV4MPEG2 W4 H4 F0:0\nFRAME\n", "frame rate", .malformed),
            ("YUV4MPEG2 W4 H4 F1\nFRAME\n", "frame rate", .malformed), ("YUV4MPEG2 W4 H4 F1:-1\nFRAME\n", "rate", .malformed),
            ("YUV4MPEG2 W0 H4 F1:1\nFRAME\n", "0x4", .tooLarge), ("YUV4MPEG2 W4 H-4 F1:1\nFRAME\n", "4x-4", .tooLarge),
            ("YUV4MPEG2 W99999 H4 F1:1\nFRAME\n", "99999x4", .tooLarge),
            ("YUV4MPEG2 W99999999999999999999 H4 F1:1\nFRAME\n", "no width", .malformed),
            ("YUV4MPEG2 W4 H4 F1:1 C420p10\nFRAME\n", "C420p10", .unsupportedFormat),
            ("YUV4MPEG2 W4 H4 F1:1 It\nFRAME\n", "interlaced", .unsupportedFormat),
            ("YUV4MPEG2 W4 H4 F1:1 Iq\nFRAME\n", "Iq", .malformed), ("YUV4MPEG2 W4 H4 F1:1 Zz\nFRAME\n", "Zz", .malformed),
            ("YUV4MPEG2 W4 H4 F1:1 XCOLORRANGE=ODD\nFRAME\n", "COLORRANGE", .malformed),
            ("YUV4MPEG2 W4 H4 F1:1", "does not end", .truncated(frame: nil)),
            ("YUV4MPEG2 W4 H4 F1:1\n", "without frames", .noFrames),
        ] as [(String, String, CaptureError.Code)])
    func badHeaders(text: String, part: String, code: CaptureError.Code) throws {
        try Fixtures.withFile(Array(text.utf8)) { path in
            let error = #expect(throws: CaptureError.self) { _ = try FrameReaders.open(path, pool: ImagePool()) }
            #expect(error?.code == code)
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
            #expect(error?.path == path)
        }
    }

    @Test(
        "a wrong frame is refused with its number",
        arguments: [
            ("FRAMES\n", CaptureError.Code.malformed), ("FRAME Zx\n", .malformed), ("FROME\n", .malformed),
            ("FRA", .truncated(frame: 1)),
            ("FRAME", .truncated(frame: 1)), ("FRAME\n12345", .truncated(frame: 1)),
        ])
    func badFrames(text: String, code: CaptureError.Code) throws {
        let good = "YUV4MPEG2 W2 H2 F1:1 Cmono\nFRAME Ip Xcomment\nabcd"
        try Fixtures.withFile(Array((good + text).utf8) + (code == .malformed ? [1, 2, 3, 4] : [])) { path in
            // Five bytes are a whole frame of four and the beginning of another.
            let reader = try FrameReaders.open(path, pool: ImagePool())
            _ = try reader.next()
            let error = #expect(throws: CaptureError.self) {
                _ = try reader.next()
                _ = try reader.next()
            }
            if text.hasSuffix("12345") {
                #expect(error?.code == .truncated(frame: 2) || error?.code == .malformed)
            } else {
                #expect(error?.code == code)
                #expect(error?.message.contains("1") == true)
            }
        }
    }
}
