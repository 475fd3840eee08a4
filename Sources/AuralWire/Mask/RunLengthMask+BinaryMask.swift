import AuralCore

extension RunLengthMask {
    /// The runs of a mask of pixels; throws `WireError.Code.invalidMask` where a side is longer than 16384.
    public init(_ mask: BinaryMask) throws(WireError) {
        _ = try Self.pixelCount(height: mask.height, width: mask.width)
        var builder = RunBuilder()
        for x in 0..<mask.width {
            var index = x
            for _ in 0..<mask.height {
                builder.append(inside: mask.pixels[index] != 0, count: 1)
                index += mask.width
            }
        }
        builder.finish()
        self.init(trustedHeight: mask.height, width: mask.width, counts: builder.counts)
    }

    /// The mask's pixels. Allocates `width * height` bytes, so ask a mask that a client sent for its size first.
    public func decoded() throws(WireError) -> BinaryMask {
        var pixels = [UInt8](repeating: 0, count: width * height)
        var position = 0
        var inside = false
        for count in counts {
            if inside {
                var x = position / height
                var y = position - x * height
                for _ in 0..<count {
                    pixels[y * width + x] = 1
                    y += 1
                    if y == height {
                        y = 0
                        x += 1
                    }
                }
            }
            position += Int(count)
            inside.toggle()
        }
        guard let mask = BinaryMask(width: width, height: height, pixels: pixels) else {
            throw WireError(.invalidMask, "size must be positive")
        }
        return mask
    }
}

/// Collects alternating runs, outside first.
struct RunBuilder {
    /// The runs that are complete. After `finish()` all of them.
    private(set) var counts: [UInt32] = []
    private var inside = false
    private var length: UInt32 = 0

    /// Forgets the runs and keeps their memory.
    mutating func reset() {
        counts.removeAll(keepingCapacity: true)
        inside = false
        length = 0
    }

    /// Adds `count` pixels of one kind. The sum stays below 2^28, the area of the largest mask.
    @inline(__always)
    mutating func append(inside value: Bool, count: Int) {
        if value != inside {
            counts.append(length)
            length = 0
            inside = value
        }
        length += UInt32(truncatingIfNeeded: count)
    }

    /// Closes the last run.
    mutating func finish() {
        counts.append(length)
        length = 0
    }
}
