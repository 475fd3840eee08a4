import Glibc

/// One frame's predicted mask beside its label. Source: the AuralSAM2 code's `ForegroundIoU`, `ForegroundFScore` and `ForegroundS`.
package struct FrameScore: Sendable, Equatable {
    /// Pixels of the square.
    package let pixels: Int
    /// Pixels whose probability is above one half, in single precision: logits up to about 1e-7 are not.
    package let foreground: Int
    /// Intersection over union; where the label is empty, the part of the square that is rightly outside. Nil without a label.
    package let iou: Float?
    /// The F-score at each of 255 thresholds; nil without a label, or where it is empty.
    package let curve: [Float]?

    /// Compares `logits` (side², above zero inside) with a label of the same size. Nil where the sizes differ.
    package init?(logits: [Float], label: LabelMask) {
        guard logits.count == label.values.count else { return nil }
        var curve = ThresholdCurve()
        var (foreground, intersection, union, rightlyOutside) = (0, 0, 0, 0)
        for (logit, value) in zip(logits, label.values) {
            let probability = Self.sigmoid(logit)
            curve.add(probability, label: value)
            if probability > 0.5 { foreground += 1 }
            if logit > 0 {
                intersection += Int(value)
                union += max(Int(value), 1)
            } else {
                union += Int(value)
                if value == 0 { rightlyOutside += 1 }
            }
        }
        pixels = logits.count
        self.foreground = foreground
        if curve.hasForeground {
            iou = Float(intersection) / (Float(union) + 1e-7)
            self.curve = curve.scores()
        } else {
            iou = Float(rightlyOutside) / (Float(logits.count) + 1e-7)
            self.curve = nil
        }
    }

    /// Counts what is inside, for clips of which nothing should be (the null set).
    package init(logits: [Float]) {
        pixels = logits.count
        foreground = logits.reduce(into: 0) { $0 += Self.sigmoid($1) > 0.5 ? 1 : 0 }
        iou = nil
        curve = nil
    }

    /// The logistic function in single precision.
    @inline(__always)
    static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
