/// Steele, Lea and Flood's splitmix64: a small generator with a 64-bit state that any language can repeat.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts at a state.
    package init(seed: UInt64) {
        state = seed
    }

    /// Starts at the 64-bit FNV-1a hash of a name's UTF-8 bytes.
    package init(seedName: String) {
        state = Self.hash(seedName)
    }

    /// FNV-1a, 64 bit.
    package static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The next number in [−1, 1), with 24 bits, exact in float32.
    package mutating func unit() -> Double {
        Double(next() >> 40) * 0x1p-24 * 2 - 1
    }
}
