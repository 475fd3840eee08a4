import AuralCore
import AuralWire
import Testing

@Suite struct MaskOverlapTests {
    @Test("the overlap of runs is that of pixels")
    func pixels() throws {
        var random = SplitMix64(seed: 77)
        for _ in 0..<300 {
            let (height, width) = (Int(random.next() % 6) + 1, Int(random.next() % 6) + 1)
            let masks = try (0..<2).map { _ in
                let odds = random.next() % 4
                let pixels = (0..<(height * width)).map { _ in UInt8(random.next() % 4 < odds ? 1 : 0) }
                return try RunLengthMask(try #require(BinaryMask(width: width, height: height, pixels: pixels)))
            }
            let (left, right) = (try masks[0].decoded().pixels, try masks[1].decoded().pixels)
            let both = zip(left, right).count { $0 == 1 && $1 == 1 }
            let either = zip(left, right).count { $0 == 1 || $1 == 1 }
            #expect(masks[0].overlap(with: masks[1]) == (either == 0 ? 1 : Double(both) / Double(either)))
        }
        #expect(try RunLengthMask(height: 2, width: 1, counts: [2]).overlap(with: RunLengthMask(height: 1, width: 2, counts: [2])) == 0)
    }
}
