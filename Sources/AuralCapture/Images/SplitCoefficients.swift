/// Bicubic weights in two halves of 16 bits: weight = high · 2^15 + low, 0 ≤ low < 2^15.
///
/// x86-64 without extensions has no multiplication of 32-bit lanes, but multiplies 16-bit ones four or eight at a time. The halves'
/// sums are exact, so the split changes no bit of the result.
final class SplitCoefficients {
    /// Bits of the low half.
    static let lowBits: Int32 = 15

    /// One weight.
    struct Weight {
        var low: Int16
        var high: Int16
    }

    /// Distance between the weights of one output position and the next.
    let stride: Int
    /// All input positions that any output position needs.
    let inputs: Range<Int>
    // SAFETY: written in the initialiser, only read from then on, freed with the object.
    /// The first input position for each output position.
    let starts: UnsafeMutablePointer<Int>
    /// How many weights each output position has.
    let counts: UnsafeMutablePointer<Int>
    /// The weights, `stride` for each output position.
    let weights: UnsafeMutablePointer<Weight>

    init(input: Int, output: Int) {
        let exact = BicubicCoefficients(input: input, output: output)
        stride = exact.stride
        starts = .allocate(capacity: output)
        counts = .allocate(capacity: output)
        weights = .allocate(capacity: exact.weights.count)
        var needed = exact.starts[0]..<exact.starts[0]
        for position in 0..<output {
            starts[position] = exact.starts[position]
            counts[position] = exact.counts[position]
            needed = needed.lowerBound..<max(needed.upperBound, exact.starts[position] + exact.counts[position])
        }
        inputs = needed
        for (index, weight) in exact.weights.enumerated() {
            // Both truncations are exact: |weight| < 2^23 leaves nine bits for the high half.
            weights[index] = Weight(
                low: Int16(truncatingIfNeeded: weight & 0x7FFF), high: Int16(truncatingIfNeeded: weight >> Self.lowBits))
        }
    }

    deinit {
        starts.deallocate()
        counts.deallocate()
        weights.deallocate()
    }
}
