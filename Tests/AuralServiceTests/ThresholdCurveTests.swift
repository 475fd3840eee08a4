import AuralCore
import Testing

@testable import AuralService

@Suite struct ThresholdCurveTests {
    @Test("255 thresholds rise from 0 to exactly 1 in equal steps")
    func thresholds() {
        let thresholds = ThresholdCurve.thresholds
        #expect(thresholds.count == 255)
        #expect(thresholds.first == 0)
        #expect(thresholds[127] == 0.5)
        #expect(thresholds.last == 1)
        for (index, threshold) in thresholds.enumerated() { #expect(abs(threshold - Float(index) / 254) <= threshold.ulp) }
        for (one, other) in zip(thresholds, thresholds.dropFirst()) { #expect(one < other) }
    }

    @Test("a probability reaches a threshold that it equals, and not the one above it")
    func edges() {
        for (index, threshold) in ThresholdCurve.thresholds.enumerated() {
            #expect(ThresholdCurve.reached(by: threshold) == index + 1)
            #expect(ThresholdCurve.reached(by: threshold.nextDown) == index)
        }
    }

    @Test(
        "the ends: 1 reaches all, what is not a number none",
        arguments: [
            (0, 1), (1, 255), (Float(1).nextDown, 254), (.nan, 0), (-1, 0), (.infinity, 255), (-.infinity, 0), (.leastNonzeroMagnitude, 1),
        ] as [(Float, Int)])
    func ends(_ probability: Float, _ count: Int) {
        #expect(ThresholdCurve.reached(by: probability) == count)
    }

    @Test("only logits from about 17 on make the probability that reaches the last threshold")
    func lastThreshold() {
        #expect(ThresholdCurve.reached(by: FrameScore.sigmoid(16)) == 254)
        #expect(ThresholdCurve.reached(by: FrameScore.sigmoid(18)) == 255)
        #expect(ThresholdCurve.reached(by: FrameScore.sigmoid(-200)) == 1)
    }

    @Test("counting by classes is the same as comparing with each threshold")
    func counting() {
        var random = SplitMix64(seed: 255)
        let pixels = (0..<500).map { _ in (Float(random.unit() / 2 + 0.5), UInt8(random.next() % 2)) }
        var curve = ThresholdCurve()
        for (probability, label) in pixels { curve.add(probability, label: label) }
        let labelled = Float(pixels.reduce(0) { $0 + Int($1.1) })
        for (threshold, score) in zip(ThresholdCurve.thresholds, curve.scores()) {
            let chosen = pixels.filter { $0.0 >= threshold }
            let hits = Float(chosen.reduce(0) { $0 + Int($1.1) })
            let (precision, recall) = (hits / (Float(chosen.count) + 1e-20), hits / (labelled + 1e-20))
            let expected = 1.3 * precision * recall / (0.3 * precision + recall)
            #expect(score == (expected.isNaN ? 0 : expected))
        }
    }
}
