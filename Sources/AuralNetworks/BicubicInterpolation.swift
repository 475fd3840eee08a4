/// Bicubic enlargement of square maps as PyTorch's `interpolate(mode="bicubic", align_corners=False)` does it: Keys' kernel with
/// a = −0.75, edges repeated, no antialiasing.
struct BicubicInterpolation {
    private let from: Int
    private let to: Int
    private let taps: [(indices: [Int], weights: [Double])]

    init(from: Int, to: Int) {
        self.from = from
        self.to = to
        let scale = Double(from) / Double(to)
        taps = (0..<to).map { position in
            let source = scale * (Double(position) + 0.5) - 0.5
            let base = source.rounded(.down)
            let fraction = source - base
            let indices = (-1...2).map { min(max(Int(base) + $0, 0), from - 1) }
            return (indices, [Self.outer(fraction + 1), Self.inner(fraction), Self.inner(1 - fraction), Self.outer(2 - fraction)])
        }
    }

    private static let a = -0.75

    /// The kernel for distances up to 1.
    private static func inner(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }

    /// The kernel for distances from 1 to 2.
    private static func outer(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }

    /// `count` planes of from × from values to planes of to × to.
    func resample(planes: [Float], count: Int) -> [Float] {
        var result = [Float](repeating: 0, count: count * to * to)
        var rows = [Double](repeating: 0, count: from * to)
        for plane in 0..<count {
            for row in 0..<from {
                for column in 0..<to {
                    var sum = 0.0
                    for (index, weight) in zip(taps[column].indices, taps[column].weights) {
                        sum += weight * Double(planes[(plane * from + row) * from + index])
                    }
                    rows[row * to + column] = sum
                }
            }
            for row in 0..<to {
                for column in 0..<to {
                    var sum = 0.0
                    for (index, weight) in zip(taps[row].indices, taps[row].weights) { sum += weight * rows[index * to + column] }
                    result[(plane * to + row) * to + column] = Float(sum)
                }
            }
        }
        return result
    }
}
