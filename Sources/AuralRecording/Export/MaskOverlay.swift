import AuralCore
import AuralWire

/// Draws masks into a picture: the object's colour over its pixels, its outline in full colour.
package enum MaskOverlay {
    /// Colours that stay with an object's number: the first ones of a palette for colour-blind readers (Okabe and Ito, 2008).
    private static let palette: [(UInt8, UInt8, UInt8)] = [
        (230, 159, 0), (86, 180, 233), (0, 158, 115), (240, 228, 66), (0, 114, 178), (213, 94, 0), (204, 121, 167),
    ]

    /// Draws one object. Throws where the mask is damaged or has another size than the picture.
    package static func draw(_ object: FrameObject, into image: RGBImage) throws {
        let mask = try object.mask().decoded()
        guard mask.width == image.width, mask.height == image.height else {
            throw RecordingError(
                .unsuitable, path: "object \(object.objectID)",
                "the mask is \(mask.width)x\(mask.height), the picture \(image.width)x\(image.height); it takes socket.mask_size = \"frame\"")
        }
        let colour = palette[max(object.objectID.rawValue, 0) % palette.count]
        let parts = [colour.0, colour.1, colour.2]
        for y in 0..<mask.height {
            for x in 0..<mask.width where mask.pixels[y * mask.width + x] == 1 {
                let isEdge = isBorder(mask, x, y)
                let place = (y * mask.width + x) * 3
                for channel in 0..<3 {
                    let (old, new) = (Int(image.bytes[place + channel]), Int(parts[channel]))
                    image.bytes[place + channel] = UInt8(isEdge ? new : (old + new) / 2)
                }
            }
        }
    }

    /// Whether a pixel of the mask has a neighbour within two pixels that does not belong to it.
    private static func isBorder(_ mask: BinaryMask, _ x: Int, _ y: Int) -> Bool {
        [(-2, 0), (2, 0), (0, -2), (0, 2)].contains { dx, dy in
            let (column, row) = (x + dx, y + dy)
            guard (0..<mask.width).contains(column), (0..<mask.height).contains(row) else { return true }
            return mask.pixels[row * mask.width + column] == 0
        }
    }
}
