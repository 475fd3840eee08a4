import AuralCore

/// A format that a camera gives without conversion (VIDIOC_ENUM_FMT), and its sizes.
package struct CameraFormat: Sendable, Equatable {
    /// V4L2's four characters, like `YUYV`.
    package var code: String
    /// The driver's words for it.
    package var name: String
    /// The sizes, as the driver lists them.
    package var sizes: [CameraSize]

    /// A format with all its fields.
    package init(code: String, name: String, sizes: [CameraSize]) {
        self.code = code
        self.name = name
        self.sizes = sizes
    }

    /// The format as the configuration calls it; nil for those that only libv4l2 could convert.
    package var pixelFormat: PixelFormat? {
        switch code {
        case "MJPG", "JPEG": .mjpeg
        case "YUYV": .yuyv
        case "UYVY": .uyvy
        case "NV12": .nv12
        case "YU12": .yu12
        case "GREY": .grey
        case "RGB3": .rgb24
        case "BGR3": .bgr24
        default: nil
        }
    }

    /// V4L2's four characters of a format's number; characters that cannot be printed are dots. A set highest bit means big endian
    /// (v4l2_fourcc_be) and is written as V4L2 does.
    package static func code(_ number: UInt32) -> String {
        let characters = (0..<4).map { index -> Character in
            let byte = UInt8(truncatingIfNeeded: (number & 0x7FFF_FFFF) >> (8 * index))
            return (0x20..<0x7F).contains(byte) ? Character(Unicode.Scalar(byte)) : "."
        }
        let text = String(characters)
        let trimmed = text.reversed().drop { $0 == " " }.reversed()
        return String(trimmed) + (number >> 31 == 1 ? "-BE" : "")
    }
}

/// A size, or a range of sizes, of one format, with the rates that it has.
package struct CameraSize: Sendable, Equatable {
    /// Width and height in pixels.
    package struct Extent: Sendable, Equatable {
        /// Pixels in a row.
        package var width: Int
        /// Rows.
        package var height: Int

        /// An extent with both fields.
        package init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// Frames per second.
    package enum Rates: Sendable, Equatable {
        /// These.
        case listed([Double])
        /// All in a range.
        case range(ClosedRange<Double>)
    }

    /// The size, or the smallest.
    package var smallest: Extent
    /// The size, or the largest.
    package var largest: Extent
    /// In which steps the driver goes from one to the other; nil for one size.
    package var step: Extent?
    /// The rates; those of a range of sizes are the largest size's.
    package var rates: Rates

    /// One size.
    package init(width: Int, height: Int, rates: Rates) {
        smallest = Extent(width: width, height: height)
        largest = smallest
        self.rates = rates
    }

    /// A range of sizes.
    package init(smallest: Extent, largest: Extent, step: Extent, rates: Rates) {
        self.smallest = smallest
        self.largest = largest
        self.step = step
        self.rates = rates
    }

    /// The highest rate not above `wanted`, or the lowest there is; nil where the driver tells none.
    package func rate(near wanted: Double) -> Double? {
        switch rates {
        case .listed(let rates): rates.filter { $0 <= wanted + 0.01 }.max() ?? rates.min()
        case .range(let range): min(max(wanted, range.lowerBound), range.upperBound)
        }
    }
}
