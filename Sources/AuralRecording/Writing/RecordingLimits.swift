/// How much is kept. Pure: says which segments are to go.
package struct RecordingLimits: Sendable, Equatable {
    /// A new segment begins after so many seconds.
    package var segmentSeconds: Double
    /// The most bytes of the whole recording; nil for no limit.
    package var maximumBytes: Int64?
    /// How long segments are kept, in seconds; nil for ever.
    package var maximumAgeSeconds: Double?
    /// Bytes that stay free on the disk.
    package var freeBytes: Int64

    /// Limits, by default segments of a minute, no limit of size or age, and 256 MB that stay free.
    package init(segmentSeconds: Double = 60, maximumBytes: Int64? = nil, maximumAgeSeconds: Double? = nil, freeBytes: Int64 = 256_000_000) {
        self.segmentSeconds = segmentSeconds
        self.maximumBytes = maximumBytes
        self.maximumAgeSeconds = maximumAgeSeconds
        self.freeBytes = freeBytes
    }

    /// A segment that is there.
    struct Kept: Equatable {
        var number: Int
        var bytes: Int64
        var writtenWallNanoseconds: Int64
    }

    /// The numbers of the segments that are to be removed: those that are too old, and of the rest the oldest while all of them, and `current` bytes
    /// that are being written, are too many.
    func excess(_ segments: [Kept], current: Int64, wallNanoseconds: Int64) -> [Int] {
        var gone: [Int] = []
        var kept = segments.sorted { $0.number < $1.number }
        if let maximumAgeSeconds {
            let oldest = Double(wallNanoseconds) - maximumAgeSeconds * 1e9
            gone = kept.filter { Double($0.writtenWallNanoseconds) < oldest }.map(\.number)
            kept.removeAll { gone.contains($0.number) }
        }
        if let maximumBytes {
            var total = kept.reduce(current) { $0.addingReportingOverflow($1.bytes).partialValue }
            while total > maximumBytes, let first = kept.first {
                total -= first.bytes
                gone.append(first.number)
                kept.removeFirst()
            }
        }
        return gone
    }
}
