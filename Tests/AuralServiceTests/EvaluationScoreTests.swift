import Testing

@testable import AuralService

/// Scores of pictures of 2×2 pixels, worked out by hand.
@Suite struct EvaluationScoreTests {
    /// Probabilities 1, ½, 2e-9, 2e-9; a label of the first two pixels.
    ///
    /// IoU: above zero is only the first pixel, so 1/2. F with β² = 0.3, that is 1.3·P·R / (0.3·P + R): at threshold 0 all four are chosen,
    /// P = 1/2, R = 1, F = 0.65/1.15; up to ½ (thresholds 1 to 127) the first two, F = 1; above that the first, P = 1, R = 1/2, F = 0.65/0.8.
    static func loose() throws -> FrameScore { try score([20, 0, -20, -20], [1, 1, 0, 0]) }

    /// Probabilities 1, ½, ½, ½; a label of the first pixel. IoU 1. F up to ½: P = 1/4, R = 1, F = 0.325/1.075; above that 1.
    static func tight() throws -> FrameScore { try score([20, 0, 0, 0], [1, 0, 0, 0]) }

    /// An empty label: three of four pixels are rightly outside.
    static func empty() throws -> FrameScore { try score([20, -20, -20, -20], [0, 0, 0, 0]) }

    static func score(_ logits: [Float], _ label: [UInt8]) throws -> FrameScore {
        let side = label.count == 4 ? 2 : 1
        let mask = try #require(LabelMask(side: side, values: label))
        return try #require(FrameScore(logits: logits, label: mask))
    }

    private func near(_ one: Double?, _ other: Double) -> Bool { abs((one ?? .nan) - other) < 1e-6 }

    @Test("a frame's overlap and its F-score at every threshold")
    func frame() throws {
        let loose = try Self.loose()
        #expect(loose.iou == 0.5)
        #expect(loose.foreground == 1)
        #expect(loose.pixels == 4)
        let curve = try #require(loose.curve)
        #expect(curve.count == 255)
        #expect(near(Double(curve[0]), 0.65 / 1.15))
        #expect(curve[1...127].allSatisfy { $0 == 1 })
        #expect(curve[128...254].allSatisfy { near(Double($0), 0.8125) })
        let tight = try Self.tight()
        // The union of one pixel shows the 1e-7, which single precision rounds to 2⁻²³.
        #expect(tight.iou == 1 / (1 + Float(sign: .plus, exponent: -23, significand: 1)))
        #expect(tight.curve?.prefix(128).allSatisfy { near(Double($0), 0.325 / 1.075) } == true)
        #expect(tight.curve?.suffix(127).allSatisfy { near(Double($0), 1) } == true)
    }

    @Test("an empty label scores what is rightly outside, and has no curve")
    func emptyLabel() throws {
        #expect(try Self.empty().iou == 0.75)
        #expect(try Self.empty().curve == nil)
        #expect(try Self.score([-1, -1, -1, -1], [0, 0, 0, 0]).iou == 1)
        #expect(try Self.score([1, 1, 1, 1], [0, 0, 0, 0]).iou == 0)
    }

    @Test("where nothing of the object is found, the overlap is 0 and F is 0 beyond the threshold that everything reaches")
    func nothingFound() throws {
        let score = try Self.score([-200, -200, -200, 1], [1, 0, 0, 0])
        #expect(score.iou == 0)
        // Threshold 0 chooses all: P = 1/4, R = 1. Above it there is 0/0, which counts 0, and beyond sigmoid(1) no pixel at all.
        #expect(near(Double(score.curve?[0] ?? 0), 0.325 / 1.075))
        #expect(score.curve?.dropFirst().allSatisfy { $0 == 0 } == true)
    }

    @Test("the mask is where logits are above zero, S counts where the probability is above one half in single precision")
    func verySmallLogits() throws {
        let score = try Self.score([1e-8, 0, 20, -20], [1, 0, 1, 0])
        #expect(score.iou == 2 / (2 + 1e-7))
        #expect(score.foreground == 1)
        #expect(FrameScore(logits: [1e-8, 0, 20, -20]).foreground == 1)
        #expect(FrameScore(logits: [.nan, .infinity, -.infinity, 1]).foreground == 2)
    }

    @Test("a white label of v1s counts 255 times, as in the official code, which lets F exceed 1")
    func whiteLabel() throws {
        // Intersection 255, union 255 + 1. At threshold 0.5: P = 255/2, R = 1, F = 165.75/39.25.
        let score = try Self.score([20, 20, -20, -20], [255, 0, 0, 0])
        #expect(score.iou == 255.0 / 256)
        #expect(near(Double(score.curve?[127] ?? 0), 165.75 / 39.25))
    }

    @Test("sizes that differ have no score")
    func sizes() throws {
        let label = try #require(LabelMask(side: 2, values: [0, 0, 0, 0]))
        #expect(FrameScore(logits: [1, 2, 3], label: label) == nil)
        #expect(LabelMask(side: 2, values: [1]) == nil)
    }

    @Test("a batch has one threshold for all its frames, and leaves frames without foreground out of F but not out of mJ")
    func batch() throws {
        // Each clip by itself reaches F = 1. Together: up to ½ (1 + 0.325/1.075)/2, above it (0.8125 + 1)/2, which is more.
        let batch = BatchScore([try Self.loose(), try Self.tight(), try Self.empty()])
        #expect(near(batch.fScore, 0.90625))
        #expect(near(batch.meanIoU, (0.5 + 1 + 0.75) / 3))
        #expect(near(BatchScore([try Self.loose()]).fScore, 1))
        #expect(near(BatchScore([try Self.tight()]).fScore, 1))
    }

    @Test("batches weigh the same whatever their size, and one without foreground counts 0 in F")
    func split() throws {
        var split = SplitScore()
        #expect(split.meanIoU == nil)
        #expect(split.fScore == nil)
        #expect(split.nullRatio == nil)
        split.add(BatchScore([try Self.loose(), try Self.loose(), try Self.loose(), try Self.loose()]))
        split.add(BatchScore([try Self.empty()]))
        #expect(near(split.meanIoU, (0.5 + 0.75) / 2))
        #expect(near(split.fScore, 0.5))
        #expect(split.batches == 2)
    }

    @Test("S is over all pixels of the null set, with and without the root")
    func null() {
        var split = SplitScore()
        split.addNull(FrameScore(logits: [20, -20, -20, -20]))
        split.addNull(FrameScore(logits: [-20, -20, -20, -20, -20, -20, -20, -20, -20, -20, -20, -20]))
        // One of sixteen.
        #expect(split.nullRatio == 0.0625)
        #expect(split.nullRatio?.squareRoot() == 0.25)
    }
}
