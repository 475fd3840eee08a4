import AuralCore
import Testing

@testable import AuralService

@Suite struct LabelMaskTests {
    private func picture(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> (UInt8, UInt8, UInt8)) throws -> RGBImage {
        let image = try #require(RGBImage(width: width, height: height))
        for y in 0..<height {
            for x in 0..<width {
                let (red, green, blue) = pixel(x, y)
                let place = (y * width + x) * 3
                (image.bytes[place], image.bytes[place + 1], image.bytes[place + 2]) = (red, green, blue)
            }
        }
        return image
    }

    @Test(
        "grey levels are Pillow's",
        arguments: [
            (0, 0, 0, 0), (255, 255, 255, 255), (7, 7, 7, 7), (255, 0, 0, 76), (0, 255, 0, 150), (0, 0, 255, 29), (128, 0, 0, 38), (1, 0, 0, 0),
            (2, 0, 0, 1), (0, 0, 4, 0), (0, 0, 5, 1), (254, 255, 255, 255), (254, 254, 255, 254),
        ] as [(UInt8, UInt8, UInt8, UInt8)])
    func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8, _ level: UInt8) {
        #expect(LabelMask.grey(red, green, blue) == level)
    }

    @Test("the pixel under the middle of the new one is taken, larger and smaller")
    func nearest() throws {
        // Of three columns, four new ones have their middles at 0.375, 1.125, 1.875 and 2.625; of two rows at 0.25, 0.75, 1.25 and 1.75.
        let wide = try picture(3, 2) { x, y in x == 1 && y == 0 ? (9, 9, 9) : (0, 0, 0) }
        #expect(LabelMask(wide, side: 4, rule: .anyLevel).values == [0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        // Of five, two new ones have theirs at 1.25 and 3.75.
        let large = try picture(5, 5) { x, y in x == 3 && y == 1 ? (0, 200, 0) : (0, 0, 0) }
        #expect(LabelMask(large, side: 2, rule: .anyLevel).values == [0, 1, 0, 0])
    }

    @Test("every level above zero is inside; white stays white only for v1s")
    func rules() throws {
        let levels: [UInt8] = [0, 1, 254, 255]
        let image = try picture(2, 2) { x, y in (levels[y * 2 + x], levels[y * 2 + x], levels[y * 2 + x]) }
        #expect(LabelMask(image, side: 2, rule: .anyLevel).values == [0, 1, 1, 1])
        #expect(LabelMask(image, side: 2, rule: .whiteStays).values == [0, 1, 1, 255])
    }
}
