extension RunLengthMask {
    /// COCO's compressed string: every run as groups of five bits, low ones first, each plus 48, so that the characters are
    /// ASCII 48…111 (which includes the backslash: escape it in JSON). From the fourth run on, the difference to the run two
    /// places earlier is stored.
    ///
    /// Source: `rleToString` of cocoapi's maskApi.c.
    public var string: String { Self.string(of: counts) }

    /// The compressed string of `counts`.
    static func string(of counts: [UInt32]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(counts.count * 2)
        appendString(of: counts, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the compressed string of `counts` to `bytes`, without any escaping.
    static func appendString(of counts: [UInt32], to bytes: inout [UInt8]) {
        for (index, count) in counts.enumerated() {
            var value = Int64(count)
            // The quirk of the format: the third run (index 2) is still stored as it is, only later ones as differences.
            if index > 2 { value -= Int64(counts[index - 2]) }
            while true {
                let group = UInt8(truncatingIfNeeded: value & 0x1F)
                value >>= 5
                let isLast = group & 0x10 != 0 ? value == -1 : value == 0
                bytes.append((isLast ? group : group | 0x20) + 48)
                if isLast { break }
            }
        }
    }

    /// Reads COCO's compressed string. Throws `WireError.Code.invalidMask` on a size outside 1…16384 a side, on characters
    /// outside ASCII 48…111, on a run that is cut short, negative or too long, and unless the runs add up to `height * width`.
    public init(height: Int, width: Int, string: String) throws(WireError) {
        let pixels = try Self.pixelCount(height: height, width: width)
        var counts: [UInt32] = []
        counts.reserveCapacity(min(string.utf8.count, 2 * pixels + 1))
        var sum = 0
        var value: Int64 = 0
        var shift: Int64 = 0
        for (offset, character) in string.utf8.enumerated() {
            guard (48...111).contains(character) else {
                throw WireError(.invalidMask, "counts has a character outside ASCII 48…111 at offset \(offset)")
            }
            // A run fits 29 bits and a difference 30: six groups. A seventh can only be padding, so it is refused and nothing
            // can overflow.
            guard shift < 35 else { throw WireError(.invalidMask, "counts has a run that is too long at offset \(offset)") }
            let group = Int64(character - 48)
            value |= (group & 0x1F) << shift
            shift += 5
            if group & 0x20 != 0 { continue }
            if group & 0x10 != 0 { value |= -1 << shift }
            if counts.count > 2 { value += Int64(counts[counts.count - 2]) }
            guard value >= 0, value <= pixels - sum else {
                throw WireError(
                    .invalidMask,
                    value < 0
                        ? "counts has a negative run at offset \(offset)"
                        : "counts add up to more than height × width = \(pixels) pixels")
            }
            sum += Int(value)
            counts.append(UInt32(value))
            value = 0
            shift = 0
        }
        guard shift == 0 else { throw WireError(.invalidMask, "counts ends in the middle of a run") }
        guard sum == pixels else {
            throw WireError(.invalidMask, "counts add up to less than height × width = \(pixels) pixels")
        }
        self.init(trustedHeight: height, width: width, counts: counts)
    }
}
