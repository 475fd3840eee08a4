/// The scores of the frames that upstream puts into one batch: a clip of AVSBench, four expressions of Ref-AVS. The official figures are
/// means over batches, so what a batch is matters, most for F, whose threshold is chosen once for each.
package struct BatchScore: Sendable, Equatable {
    /// The mean of the frames' intersection over union.
    package let meanIoU: Double
    /// The highest point of the frames' mean F curve; frames without foreground are left out, and a batch of only such counts 0.
    package let fScore: Double

    /// Puts frames with labels together; those without are passed over.
    package init(_ frames: some Sequence<FrameScore>) {
        var (sum, count): (Float, Int) = (0, 0)
        var curve = [Float](repeating: 0, count: ThresholdCurve.thresholds.count)
        var curves = 0
        for frame in frames {
            guard let iou = frame.iou else { continue }
            sum += iou
            count += 1
            guard let scores = frame.curve else { continue }
            for index in curve.indices { curve[index] += scores[index] }
            curves += 1
        }
        meanIoU = count > 0 ? Double(sum / Float(count)) : 0
        fScore = curves > 0 ? Double((curve.max() ?? 0) / Float(curves)) : 0
    }
}
