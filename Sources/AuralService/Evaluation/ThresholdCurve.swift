/// How good a soft mask is at each of 255 thresholds: the F-score with β² = 0.3, which weighs precision more than recall.
///
/// All in single precision, in the order in which the official code computes it; pixels are counted once, into the 256 classes that the
/// thresholds make.
package struct ThresholdCurve: Sendable, Equatable {
    /// 0 to 1 in 254 equal steps, as `torch.linspace` makes them: counted from both ends, the last one exactly 1.
    package static let thresholds: [Float] = {
        let step: Float = 1 / 254
        // Double for the fused multiplication and addition; exact for these numbers.
        return (0..<255).map { $0 < 127 ? step * Float($0) : Float(1 - Double(step) * Double(254 - $0)) }
    }()

    /// Pixels by the number of thresholds that they reach, 0…255.
    private var predicted = [Int](repeating: 0, count: 256)
    /// The same for the labels' values at these pixels.
    private var hits = [Int](repeating: 0, count: 256)
    private var labelled = 0

    /// A curve of no pixels.
    package init() {}

    /// Whether any pixel belongs to the object.
    package var hasForeground: Bool { labelled > 0 }

    /// Counts a pixel: its probability, and its label's value (0 outside, 1 inside; 255 counts as often).
    package mutating func add(_ probability: Float, label: UInt8) {
        let reached = Self.reached(by: probability)
        predicted[reached] += 1
        hits[reached] += Int(label)
        labelled += Int(label)
    }

    /// How many thresholds a probability reaches. What is not a number reaches none.
    static func reached(by probability: Float) -> Int {
        guard probability >= 0 else { return 0 }
        // A guess that is at most one off either way, which the thresholds themselves then decide.
        var count = min(Int(min(probability, 1) * 254), 254)
        while count < 255, thresholds[count] <= probability { count += 1 }
        while count > 0, thresholds[count - 1] > probability { count -= 1 }
        return count
    }

    /// The F-score at each threshold, 0 where neither precision nor recall is above it.
    package func scores() -> [Float] {
        var scores = [Float](repeating: 0, count: 255)
        var (pixels, hit) = (0, 0)
        for index in stride(from: 254, through: 0, by: -1) {
            pixels += predicted[index + 1]
            hit += hits[index + 1]
            let precision = Float(hit) / (Float(pixels) + 1e-20)
            let recall = Float(hit) / (Float(labelled) + 1e-20)
            let score = 1.3 * precision * recall / (0.3 * precision + recall)
            scores[index] = score.isNaN ? 0 : score
        }
        return scores
    }
}
