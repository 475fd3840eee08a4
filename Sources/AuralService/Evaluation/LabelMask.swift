import AuralCore

/// What really belongs to the sounding objects of a frame, at the model's square.
package struct LabelMask: Sendable, Equatable {
    /// What becomes of a label picture's grey levels.
    package enum Rule: Sendable {
        /// Everything above 0 is inside.
        case anyLevel
        /// The same, but white stays 255 and counts as often, as in the official code for the subset v1s, where white marks what is not
        /// labelled. Its labels are coloured, so none should be white.
        case whiteStays
    }

    /// Side of the square.
    package let side: Int
    /// side² values, row-major: 0 outside, 1 inside (or 255, see `Rule`).
    package let values: [UInt8]

    /// Stretches a label picture to the square as Pillow's NEAREST does (the pixel under the middle of the new one), and makes it grey as
    /// Pillow's "L" is.
    package init(_ picture: RGBImage, side: Int, rule: Rule) {
        var values = [UInt8]()
        values.reserveCapacity(side * side)
        let columns = (0..<side).map { (2 * $0 + 1) * picture.width / (2 * side) * 3 }
        for y in 0..<side {
            let row = (2 * y + 1) * picture.height / (2 * side) * picture.width * 3
            for column in columns {
                let grey = Self.grey(picture.bytes[row + column], picture.bytes[row + column + 1], picture.bytes[row + column + 2])
                let inside: UInt8 = rule == .whiteStays && grey == 255 ? 255 : 1
                values.append(grey > 0 ? inside : 0)
            }
        }
        self.side = side
        self.values = values
        // The picture's bytes live only as long as the picture does.
        withExtendedLifetime(picture) {}
    }

    /// A label from its values.
    package init?(side: Int, values: [UInt8]) {
        guard side > 0, side <= 16384, values.count == side * side else { return nil }
        self.side = side
        self.values = values
    }

    /// The luma of ITU-R BT.601 with 16 fractional bits, rounded; grey pictures stay as they are.
    static func grey(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> UInt8 {
        let luma: UInt32 = UInt32(red) * 19595 + UInt32(green) * 38470 + UInt32(blue) * 7471
        return UInt8(truncatingIfNeeded: (luma + 0x8000) >> 16)
    }
}
