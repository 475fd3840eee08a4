import AuralCore

/// A mask as run lengths in column-major order, the way COCO stores it (`maskApi` of pycocotools): the runs alternate between
/// "outside" and "inside", the first one is outside and may be 0.
///
/// The size is stated on every mask since masks travel at their own size, which need not be the frame's.
public struct RunLengthMask: Sendable, Hashable {
    /// Rows.
    public let height: Int
    /// Pixels in a row.
    public let width: Int
    /// Lengths of the runs, outside first. Their sum is `height * width`.
    public let counts: [UInt32]

    /// The longest side of a mask, in pixels.
    public static let maximumSide = 16_384

    /// Makes a mask from its runs; throws `WireError.Code.invalidMask` unless both sides are within 1…16384 and the runs add up
    /// to the area.
    public init(height: Int, width: Int, counts: [UInt32]) throws(WireError) {
        let pixels = try Self.pixelCount(height: height, width: width)
        var sum = 0
        for count in counts {
            // At most 2^40 runs of at most 2^32 pixels would be needed to overflow; the check below stops long before.
            sum += Int(count)
            guard sum <= pixels else { break }
        }
        guard sum == pixels else {
            throw WireError(
                .invalidMask, "counts add up to \(sum > pixels ? "more" : "less") than height × width = \(pixels) pixels")
        }
        self.height = height
        self.width = width
        self.counts = counts
    }

    /// For makers in this module whose runs add up by construction.
    init(trustedHeight height: Int, width: Int, counts: [UInt32]) {
        self.height = height
        self.width = width
        self.counts = counts
    }

    /// `height * width`, or `WireError.Code.invalidMask` where a side is outside 1…16384.
    static func pixelCount(height: Int, width: Int) throws(WireError) -> Int {
        guard (1...maximumSide).contains(height), (1...maximumSide).contains(width) else {
            throw WireError(.invalidMask, "size must be [height, width] with both sides within 1…\(maximumSide)")
        }
        return height * width
    }

    /// The number of pixels inside.
    public var area: Int {
        RunMeasure(height: height, counts: counts).area
    }

    /// The smallest rectangle around all pixels inside; all zeros for an empty mask (as pycocotools' toBbox).
    public var boundingBox: PixelRectangle {
        RunMeasure(height: height, counts: counts).boundingBox
    }
}

/// Area and bounding box of runs, in one pass.
struct RunMeasure {
    private(set) var area = 0
    private(set) var boundingBox = PixelRectangle(x: 0, y: 0, width: 0, height: 0)

    init(height: Int, counts: some Sequence<UInt32>) {
        var position = 0
        var inside = false
        var left = Int.max
        var right = -1
        var top = Int.max
        var bottom = -1
        for count in counts {
            let length = Int(count)
            if inside, length > 0 {
                area += length
                let last = position + length - 1
                let firstColumn = position / height
                let lastColumn = last / height
                left = min(left, firstColumn)
                right = max(right, lastColumn)
                if firstColumn == lastColumn {
                    top = min(top, position - firstColumn * height)
                    bottom = max(bottom, last - lastColumn * height)
                } else {
                    // A run over a column's end touches the picture's last row there and its first row in the next column.
                    top = 0
                    bottom = height - 1
                }
            }
            position += length
            inside.toggle()
        }
        if area > 0 {
            boundingBox = PixelRectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
        }
    }
}
