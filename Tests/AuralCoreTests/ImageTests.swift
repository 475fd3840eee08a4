import AuralCore
import Testing

@Suite struct ImageTests {
    @Test(
        "sides from 1 to 16384 are allowed, and no others",
        arguments: [
            (1, 1, 3), (640, 480, 921_600), (16384, 16384, 805_306_368), (0, 1, nil), (1, 0, nil), (-1, 5, nil), (16385, 1, nil), (1, 16385, nil),
            (.max, .max, nil), (.min, .min, nil),
        ] as [(Int, Int, Int?)])
    func byteCount(_ width: Int, _ height: Int, _ expected: Int?) {
        #expect(RGBImage.byteCount(width: width, height: height) == expected)
        // The largest picture itself is left out: it would take 800 MB.
        if (expected ?? 0) < 1 << 24 {
            let image = RGBImage(width: width, height: height)
            #expect((image == nil) == (expected == nil))
            if let image {
                #expect(image.bytes.count == expected)
                #expect(image.bytes.allSatisfy { $0 == 0 })
            }
            #expect((ImagePool().image(width: width, height: height) == nil) == (expected == nil))
        }
    }

    @Test("a pool hands the same memory out again, and only for pictures of the same number of bytes")
    func reuse() throws {
        let pool = ImagePool(capacity: 2)
        func address(_ width: Int, _ height: Int) throws -> UInt {
            let image = try #require(pool.image(width: width, height: height))
            #expect(image.width == width)
            #expect(image.height == height)
            return withExtendedLifetime(image) { UInt(bitPattern: image.bytes.baseAddress) }
        }
        let first = try address(64, 48)
        for _ in 0..<100 { #expect(try address(64, 48) == first) }
        #expect(try address(48, 64) == first)
        let kept = try #require(pool.image(width: 64, height: 48))
        #expect(try address(64, 48) != first)
        #expect(UInt(bitPattern: kept.bytes.baseAddress) == first)
        #expect(try address(8, 8) != first)
    }

    @Test("a full pool frees its oldest picture, so that a change of size does not keep the old size for ever")
    func eviction() throws {
        let pool = ImagePool(capacity: 2)
        do {
            let old = try (0..<4).map { _ in try #require(pool.image(width: 100, height: 100)) }
            #expect(Set(old.map { UInt(bitPattern: $0.bytes.baseAddress) }).count == 4)
        }
        do {
            let new = try (0..<2).map { _ in try #require(pool.image(width: 10, height: 10)) }
            withExtendedLifetime(new) {}
        }
        // Both places are now taken by small pictures: two of them come back with what was written, byte for byte.
        let first = try #require(pool.image(width: 10, height: 10))
        let second = try #require(pool.image(width: 10, height: 10))
        #expect(first.bytes.baseAddress != second.bytes.baseAddress)
    }

    @Test("a picture outlives its pool's other references")
    func lifetime() throws {
        var image: RGBImage?
        do { image = ImagePool().image(width: 20, height: 10) }
        let kept = try #require(image)
        kept.bytes.update(repeating: 7)
        #expect(kept.bytes.allSatisfy { $0 == 7 })
        image = nil
    }
}
