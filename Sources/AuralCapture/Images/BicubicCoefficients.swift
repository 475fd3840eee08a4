/// The weights of one pass of a resampling with Pillow's bicubic filter, for one axis.
///
/// The filter is Keys' cubic convolution with a = −0.5 (R. Keys, 1981), widened by the factor of reduction so that it also
/// removes what the smaller picture cannot show. Weights are normalised in double precision, then rounded half away from zero to
/// fixed point with 22 bits after the point (32 bits less 8 of the pixel less 2 of headroom for the filter's overshoot).
struct BicubicCoefficients {
    /// Bits after the point.
    static let precision: Int32 = 22

    /// The first input position for each output position.
    var starts: [Int]
    /// How many inputs count for each output position.
    var counts: [Int]
    /// Weights times 2^22: those of output position i begin at `i * stride`, the rest of the row is 0.
    var weights: [Int32]
    /// The largest possible count.
    var stride: Int

    /// Weights to make `output` pixels out of `input` pixels; both at least 1.
    init(input: Int, output: Int) {
        let scale = Double(input) / Double(output)
        let filterScale = max(scale, 1)
        let support = 2 * filterScale
        stride = Int(support.rounded(.up)) * 2 + 1
        starts = []
        counts = []
        weights = [Int32](repeating: 0, count: output * stride)
        starts.reserveCapacity(output)
        counts.reserveCapacity(output)
        for position in 0..<output {
            let center = (Double(position) + 0.5) * scale
            let first = max(0, Int(center - support + 0.5))
            let last = min(input, Int(center + support + 0.5))
            let raw = (first..<last).map { Self.filter((Double($0) - center + 0.5) * (1 / filterScale)) }
            let sum = raw.reduce(0, +)
            for (index, weight) in raw.enumerated() {
                // Dividing, not multiplying by the reciprocal: the last bit of the rounded weight depends on it.
                let normal = (sum != 0 ? weight / sum : weight) * Double(1 << Self.precision)
                weights[position * stride + index] = Int32((normal < 0 ? normal - 0.5 : normal + 0.5).rounded(.towardZero))
            }
            starts.append(first)
            counts.append(raw.count)
        }
    }

    private static func filter(_ distance: Double) -> Double {
        let a = -0.5
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
