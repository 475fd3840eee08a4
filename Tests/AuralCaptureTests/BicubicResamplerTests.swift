import AuralCapture
import AuralCore
import Testing

@Suite struct BicubicResamplerTests {
    /// Resizes and returns the result's bytes.
    private func resample(_ image: RGBImage, _ width: Int, _ height: Int) throws -> [UInt8] {
        let resampler = try #require(
            BicubicResampler(inputWidth: image.width, inputHeight: image.height, outputWidth: width, outputHeight: height))
        let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: resampler.outputByteCount)
        defer { output.deallocate() }
        for pass: UInt8 in 0..<2 {
            // Twice, over different rubbish: nothing may depend on what was there before.
            output.update(repeating: pass &* 255)
            try resampler.resample(image, into: output)
        }
        return Array(output)
    }

    @Test("a frame of the golden clip becomes what Pillow makes of it, bit for bit", .timeLimit(.minutes(5)))
    func goldenClip() throws {
        let decoder = try ImageDecoder()
        let pool = ImagePool()
        let frame = try decoder.decode(file: Fixtures.path("clip_00.png"), pool: pool)
        let expected = try decoder.decode(file: Fixtures.path("clip_00_resized_bicubic_512.png"), pool: pool)
        #expect(try resample(frame, 512, 512) == expected.copiedBytes)
    }

    @Test("noise of many shapes, up and down, becomes what Pillow makes of it, bit for bit", .timeLimit(.minutes(5)))
    func randomSizes() throws {
        let golden = try Fixtures.bytes("resampled.bin")
        var offset = 0
        var cases = 0
        while offset < golden.count {
            let sizes = (0..<4).map { field in (0..<4).reduce(0) { $0 | Int(golden[offset + field * 4 + $1]) << (8 * $1) } }
            offset += 16
            let image = try #require(RGBImage(width: sizes[0], height: sizes[1]))
            var generator = SplitMix64(seed: UInt64(sizes[0] * 1000 + sizes[1]))
            for index in image.bytes.indices {
                let random = generator.next()
                let value = UInt8(random >> 56)
                image.bytes[index] = random & 1 == 0 ? value : (value < 128 ? 0 : 255)
            }
            let count = sizes[2] * sizes[3] * 3
            let result = try resample(image, sizes[2], sizes[3])
            #expect(result == Array(golden[offset..<offset + count]), "\(sizes)")
            offset += count
            cases += 1
        }
        #expect(cases == 14)
    }

    @Test("a picture or a buffer of another size is refused")
    func wrongSizes() throws {
        let resampler = try #require(BicubicResampler(inputWidth: 8, inputHeight: 6, side: 4))
        let right = try #require(RGBImage(width: 8, height: 6))
        let wrong = try #require(RGBImage(width: 6, height: 8))
        let output = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4 * 4 * 3)
        defer { output.deallocate() }
        try resampler.resample(right, into: output)
        #expect(throws: CaptureError.self) { try resampler.resample(wrong, into: output) }
        #expect(throws: CaptureError.self) {
            try resampler.resample(right, into: UnsafeMutableBufferPointer(rebasing: output[0..<47]))
        }
    }

    @Test(
        "sizes outside 1…16384 make no resampler", arguments: [(0, 1, 1), (1, -1, 1), (1, 1, 0), (16385, 1, 1), (1, 1, Int.max)])
    func impossibleSizes(width: Int, height: Int, side: Int) {
        #expect(BicubicResampler(inputWidth: width, inputHeight: height, side: side) == nil)
    }
}
