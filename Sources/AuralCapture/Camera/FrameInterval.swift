import CV4L2

/// The time from frame to frame as V4L2 says it: a fraction of seconds.
package struct FrameInterval: Sendable, Equatable {
    /// The fraction's upper part.
    package let numerator: UInt32
    /// The fraction's lower part.
    package let denominator: UInt32

    /// A fraction; nil where one part is zero, which drivers give for "unknown".
    package init?(_ numerator: UInt32, _ denominator: UInt32) {
        guard numerator > 0, denominator > 0 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    init?(_ fraction: v4l2_fract) {
        self.init(fraction.numerator, fraction.denominator)
    }

    /// The interval of a rate in frames a second, to a thousandth; nil for rates that no camera has.
    package init?(rate: Double) {
        guard rate >= 0.001, rate <= 1_000_000 else { return nil }
        let thousandths = UInt32((rate * 1000).rounded())
        if thousandths % 1000 == 0 {
            self.init(1, thousandths / 1000)
        } else {
            self.init(1000, thousandths)
        }
    }

    /// Frames a second.
    package var rate: Double { Double(denominator) / Double(numerator) }

    /// The kernel's own type.
    var fraction: v4l2_fract { v4l2_fract(numerator: numerator, denominator: denominator) }
}

/// The intervals that a device offers for one format and size (VIDIOC_ENUM_FRAMEINTERVALS).
package enum FrameIntervals: Sendable, Equatable {
    /// The driver does not say.
    case unknown
    /// These.
    case discrete([FrameInterval])
    /// All between two, some of them or any.
    case range(shortest: FrameInterval, longest: FrameInterval)

    /// The one whose rate is nearest to `rate`, the faster of two; nil where nothing is known.
    package func nearest(to rate: Double) -> FrameInterval? {
        switch self {
        case .unknown: return nil
        case .discrete(let intervals):
            return intervals.min { (abs($0.rate - rate), -$0.rate) < (abs($1.rate - rate), -$1.rate) }
        case .range(let shortest, let longest):
            if rate >= shortest.rate { return shortest }
            if rate <= longest.rate { return longest }
            return FrameInterval(rate: rate)
        }
    }
}
