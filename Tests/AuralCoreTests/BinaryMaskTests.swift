import AuralCore
import Testing

@Suite struct BinaryMaskTests {
    @Test("any value but 0 belongs to the object, and the area counts them")
    func values() throws {
        let mask = try #require(BinaryMask(width: 3, height: 2, pixels: [0, 1, 255, 7, 0, 128]))
        #expect(mask.pixels == [0, 1, 1, 1, 0, 1])
        #expect(mask.area == 4)
        #expect(BinaryMask(width: 3, height: 2, pixels: [0, 9, 9, 9, 0, 9]) == mask)
        #expect(BinaryMask(width: 2, height: 3, pixels: [0, 1, 1, 1, 0, 1]) != mask)
    }

    @Test(
        "a size that does not fit the pixels, is not positive or overflows makes no mask",
        arguments: [(2, 2, 3), (2, 2, 5), (0, 0, 0), (0, 5, 0), (-1, -4, 4), (1, -1, 1), (.max, 2, 4), (.max, .max, 1), (.min, -1, 0)]
            as [(Int, Int, Int)])
    func refused(_ width: Int, _ height: Int, _ count: Int) {
        #expect(BinaryMask(width: width, height: height, pixels: [UInt8](repeating: 1, count: count)) == nil)
    }

    @Test("the area of a large mask is exact")
    func area() throws {
        let mask = try #require(BinaryMask(width: 640, height: 480, pixels: [UInt8](repeating: 255, count: 640 * 480)))
        #expect(mask.area == 307_200)
    }
}
