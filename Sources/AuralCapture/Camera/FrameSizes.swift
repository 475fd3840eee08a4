import CV4L2

/// The sizes that a device offers for one format (VIDIOC_ENUM_FRAMESIZES).
package enum FrameSizes: Sendable, Equatable {
    /// A picture's size in pixels.
    package struct Size: Sendable, Equatable {
        /// Columns.
        package var width: Int
        /// Rows.
        package var height: Int

        /// A size.
        package init(_ width: Int, _ height: Int) {
            self.width = width
            self.height = height
        }

        /// How far it is from another one, in pixels of both sides together.
        func distance(to other: Size) -> Int { abs(width - other.width) + abs(height - other.height) }
    }

    /// The driver does not say.
    case unknown
    /// These.
    case discrete([Size])
    /// From the smallest in steps up to the largest; a continuous range has steps of 1.
    case stepwise(smallest: Size, largest: Size, step: Size)

    /// The sizes that are worth a look: all of a list; of a range only the one nearest to `wanted`.
    package func candidates(near wanted: Size) -> [Size] {
        switch self {
        case .unknown: [wanted]
        case .discrete(let sizes): sizes
        case .stepwise(let smallest, let largest, let step):
            [
                Size(
                    Self.nearest(to: wanted.width, smallest.width, largest.width, step.width),
                    Self.nearest(to: wanted.height, smallest.height, largest.height, step.height))
            ]
        }
    }

    private static func nearest(to wanted: Int, _ smallest: Int, _ largest: Int, _ step: Int) -> Int {
        guard smallest < largest else { return smallest }
        let inside = min(max(wanted, smallest), largest)
        // A step of 0 is a driver's mistake and means that there is nothing between.
        let step = max(1, step)
        let steps = min((inside - smallest + step / 2) / step, (largest - smallest) / step)
        return smallest + steps * step
    }
}

extension FrameSizes {
    /// The range of a stepwise or continuous enumeration.
    init(_ range: v4l2_frmsize_stepwise) {
        self = .stepwise(
            smallest: Size(Int(range.min_width), Int(range.min_height)), largest: Size(Int(range.max_width), Int(range.max_height)),
            step: Size(Int(range.step_width), Int(range.step_height)))
    }
}
