import AuralCapture
import AuralCore
import CTurboJPEG
import Foundation
import Testing

@Suite struct FrameDecoderTests {
    private let pool = ImagePool()
    private let bytes = BytePool()

    private func frame(
        _ format: PixelFormat, _ width: Int, _ height: Int, line: Int = 0, full: Bool = false, in encoding: YCbCrEncoding = .bt601, _ data: [UInt8]
    ) -> Frame {
        let picture = CapturedPicture(
            format: format, width: width, height: height, bytesPerLine: line, isFullRange: full, encoding: encoding,
            bytes: data.withUnsafeBytes { bytes.copy($0) })
        return Frame(sequence: 7, time: MonoTime(nanoseconds: 0), timestampSource: .device, content: .captured(picture))
    }

    /// A picture in a format, with its samples looked up one by one: an own, slow reading of the kernel's format descriptions.
    private struct Reference {
        var format: PixelFormat
        var width: Int
        var height: Int
        var line: Int
        var data: [UInt8]

        init(_ format: PixelFormat, _ width: Int, _ height: Int, padding: Int, _ random: inout SplitMix64) {
            self.format = format
            self.width = width
            self.height = height
            let even = width + width % 2
            switch format {
            case .yuyv, .uyvy: line = 2 * even + padding
            case .nv12, .yu12: line = even + padding
            case .grey, .mjpeg: line = width + padding
            case .rgb24, .bgr24: line = 3 * width + padding
            }
            let rows = format == .nv12 || format == .yu12 ? height + (height + 1) / 2 : height
            data = (0..<line * rows + line).map { _ in UInt8.random(in: 0...255, using: &random) }
        }

        /// Y, Cb, Cr of a pixel.
        func samples(_ x: Int, _ y: Int) -> (Double, Double, Double) {
            let pair = x / 2
            let row = y * line
            let planes = height * line
            let (luma, cb, cr): (Int, Int, Int) =
                switch format {
                case .yuyv: (row + 2 * x, row + 4 * pair + 1, row + 4 * pair + 3)
                case .uyvy: (row + 2 * x + 1, row + 4 * pair, row + 4 * pair + 2)
                case .nv12: (row + x, planes + y / 2 * line + 2 * pair, planes + y / 2 * line + 2 * pair + 1)
                default:
                    (
                        row + x, planes + y / 2 * (line / 2) + pair,
                        planes + (height + 1) / 2 * (line / 2) + y / 2 * (line / 2) + pair
                    )
                }
            return (Double(data[luma]), Double(data[cb]), Double(data[cr]))
        }

        func pixel(_ x: Int, _ y: Int, full: Bool, _ encoding: YCbCrEncoding) -> [Double] {
            let row = y * line
            switch format {
            case .rgb24: return (0..<3).map { Double(data[row + 3 * x + $0]) }
            case .bgr24: return (0..<3).map { Double(data[row + 3 * x + 2 - $0]) }
            default: break
            }
            var (luma, cb, cr) = format == .grey ? (Double(data[row + x]), 128, 128) : samples(x, y)
            luma = full ? luma / 255 : (luma - 16) / 219
            cb = (cb - 128) / (full ? 255 : 224)
            cr = (cr - 128) / (full ? 255 : 224)
            // Recommendations ITU-R BT.601-7, BT.709-6 and BT.2020-2: Y' = Kr R' + Kg G' + Kb B', Cb = (B' - Y') / 2 (1 - Kb), Cr alike.
            let (kr, kb) =
                switch encoding {
                case .bt601: (0.299, 0.114)
                case .bt709: (0.2126, 0.0722)
                case .bt2020: (0.2627, 0.0593)
                }
            let red = luma + 2 * (1 - kr) * cr
            let blue = luma + 2 * (1 - kb) * cb
            let green = (luma - kr * red - kb * blue) / (1 - kr - kb)
            return [red, green, blue].map { min(max($0 * 255, 0), 255) }
        }
    }

    @Test(
        "every uncompressed format becomes what the recommendations say, in all ranges, encodings and odd sizes",
        arguments: PixelFormat.allCases.filter { $0 != .mjpeg })
    func conversion(format: PixelFormat) throws {
        var random = SplitMix64(seedName: format.rawValue)
        let decoder = try FrameDecoder(pool: pool)
        for (width, height) in [(64, 48), (1, 1), (2, 2), (3, 5), (33, 7), (34, 3)] {
            for padding in [0, 6] {
                for full in [false, true] {
                    for encoding in YCbCrEncoding.allCases {
                        let reference = Reference(format, width, height, padding: padding, &random)
                        let frame = frame(format, width, height, line: reference.line, full: full, in: encoding, reference.data)
                        let image = try decoder.image(of: frame, targetSide: 8)
                        #expect(image.width == width && image.height == height)
                        var worst = 0.0
                        for y in 0..<height {
                            for x in 0..<width {
                                for (channel, value) in reference.pixel(x, y, full: full, encoding).enumerated() {
                                    worst = max(worst, abs(value - Double(image.bytes[(y * width + x) * 3 + channel])))
                                }
                            }
                        }
                        // Half a level is rounding, the rest are factors in 16 bits.
                        #expect(worst <= 0.52, "\(width)x\(height) padding \(padding) full \(full) \(encoding)")
                    }
                }
            }
        }
    }

    @Test("a picture that ends too early, or whose rows are too short, is an error that names the frame")
    func damaged() throws {
        let decoder = try FrameDecoder(pool: pool)
        for format in PixelFormat.allCases where format != .mjpeg {
            for count in [0, 1, 100] {
                let error = #expect(throws: CaptureError.self) {
                    try decoder.image(of: frame(format, 16, 16, [UInt8](repeating: 0, count: count)), targetSide: nil)
                }
                #expect(error?.code == .truncated(frame: 7) && error?.message.hasPrefix("frame 7: ") == true)
            }
            for (width, height, line) in [(16, 16, 5), (0, 16, 0), (16, -1, 0), (16, 16, -1), (20000, 1, 0), (16, 16, .max)] {
                let error = #expect(throws: CaptureError.self) {
                    try decoder.image(of: frame(format, width, height, line: line, [UInt8](repeating: 0, count: 4096)), targetSide: nil)
                }
                #expect(error?.code == .unsupportedFormat)
            }
        }
    }

    @Test("a frame that has its pixels is returned as it is")
    func image() throws {
        let image = try #require(RGBImage(width: 3, height: 2))
        let frame = Frame(sequence: 0, time: MonoTime(nanoseconds: 0), image: image)
        #expect(try FrameDecoder(pool: pool).image(of: frame, targetSide: 1) === image)
    }

    /// A smooth picture as JPEG, 4:2:2 as webcams send it.
    private static func jpeg(_ width: Int, _ height: Int) throws -> [UInt8] {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x + y) * 255 / (width + height))] }
        }
        let handle = try #require(tjInitCompress())
        defer { tjDestroy(handle) }
        var result: UnsafeMutablePointer<UInt8>?
        var count: UInt = 0
        let status = tjCompress2(
            handle, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &result, &count, Int32(TJSAMP_422.rawValue), 95, 0)
        defer { tjFree(result) }
        try #require(status == 0)
        return Array(UnsafeBufferPointer(start: result, count: Int(count)))
    }

    @Test(
        "a JPEG picture is decoded at the least power of two that leaves both sides as long as needed",
        arguments: [
            (nil, 160, 120), (120, 160, 120), (61, 160, 120), (60, 80, 60), (31, 80, 60), (30, 40, 30), (15, 20, 15), (1, 20, 15),
            (500, 160, 120), (0, 160, 120), (-3, 160, 120),
        ] as [(Int?, Int, Int)])
    func scaled(side: Int?, width: Int, height: Int) throws {
        let frame = frame(.mjpeg, 160, 120, full: true, try Self.jpeg(160, 120))
        let image = try FrameDecoder(pool: pool).image(of: frame, targetSide: side)
        #expect(image.width == width && image.height == height)
        #expect(frame.size == (160, 120))
        // Smooth as it is, the picture stays what it was at the middle of each of its pixels.
        var worst = 0.0
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = ((Double(x) + 0.5) / Double(width), (Double(y) + 0.5) / Double(height))
                let expected = [u * 255, v * 255, (u * 160 + v * 120) / 280 * 255]
                for channel in 0..<3 { worst = max(worst, abs(expected[channel] - Double(image.bytes[(y * width + x) * 3 + channel]))) }
            }
        }
        #expect(worst < 9)
    }

    @Test("odd sizes are rounded up, as libjpeg does")
    func oddScaled() throws {
        let image = try FrameDecoder(pool: pool).image(of: frame(.mjpeg, 101, 67, try Self.jpeg(101, 67)), targetSide: 34)
        #expect(image.width == 51 && image.height == 34)
    }

    @Test("a JPEG picture of another size than the camera's, a cut one and what is none are errors that name the frame")
    func damagedJPEG() throws {
        let decoder = try FrameDecoder(pool: pool)
        let whole = try Self.jpeg(160, 120)
        let cases: [([UInt8], Int, CaptureError.Code)] = [
            (whole, 320, .sizeChanged(frame: 7)), (Array(whole.prefix(whole.count / 2)), 160, .truncated(frame: 7)),
            ([0xFF, 0xD8, 0xFF, 0xD9], 160, .malformed), ([], 160, .truncated(frame: 7)),
        ]
        for (data, width, code) in cases {
            let error = #expect(throws: CaptureError.self) {
                try decoder.image(of: frame(.mjpeg, width, 120, data), targetSide: 60)
            }
            #expect(error?.code == code)
        }
        #expect(try decoder.image(of: frame(.mjpeg, 160, 120, whole), targetSide: nil).width == 160)
    }

    @Test("whatever bytes come as JPEG, the decoder survives them", .timeLimit(.minutes(5)))
    func fuzz() throws {
        let decoder = try FrameDecoder(pool: pool)
        let whole = try Self.jpeg(160, 120)
        var random = SplitMix64(seed: 5)
        var good = 0
        for round in 0..<500 {
            var data = whole
            for _ in 0..<round % 4 {
                data[Int.random(in: 0..<data.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let isGood = (try? decoder.image(of: frame(.mjpeg, 160, 120, data), targetSide: 20)) != nil
            // A sound picture is read whatever came before it.
            if round % 4 == 0 { #expect(isGood) }
            if isGood { good += 1 }
        }
        #expect(good > 125 && good < 500)
    }

    @Test("a frame allocates no picture once its memory is warm")
    func pooled() throws {
        let decoder = try FrameDecoder(pool: pool)
        let frame = frame(.yuyv, 64, 48, [UInt8](repeating: 128, count: 64 * 48 * 2))
        let first = try decoder.image(of: frame, targetSide: nil).bytes.baseAddress
        for _ in 0..<10 { #expect(try decoder.image(of: frame, targetSide: nil).bytes.baseAddress == first) }
    }
}
