extension RunLengthMask {
    /// Intersection over union with a mask of the same size, counted run by run; 1 where both are empty, 0 where the sizes differ.
    public func overlap(with other: RunLengthMask) -> Double {
        guard height == other.height, width == other.width else { return 0 }
        var (both, either) = (0, 0)
        var (here, there) = (Cursor(counts), Cursor(other.counts))
        while let left = here.run, let right = there.run {
            let length = min(left.length, right.length)
            if left.isInside && right.isInside { both += length }
            if left.isInside || right.isInside { either += length }
            here.advance(length)
            there.advance(length)
        }
        return either == 0 ? 1 : Double(both) / Double(either)
    }

    /// What is left of the run at a place.
    private struct Cursor {
        private let counts: [UInt32]
        private var index = 0
        private var used = 0

        init(_ counts: [UInt32]) {
            self.counts = counts
            skip()
        }

        var run: (length: Int, isInside: Bool)? {
            counts.indices.contains(index) ? (Int(counts[index]) - used, index % 2 == 1) : nil
        }

        mutating func advance(_ length: Int) {
            used += length
            skip()
        }

        /// To a run of which something is left.
        private mutating func skip() {
            while counts.indices.contains(index), used >= Int(counts[index]) {
                used -= Int(counts[index])
                index += 1
            }
        }
    }
}
