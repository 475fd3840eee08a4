/// What a whole split comes to: unweighted means over its batches, and the null set's ratio over all its pixels.
package struct SplitScore: Sendable, Equatable {
    /// Batches with labels so far.
    package private(set) var batches = 0
    /// Pixels inside, and all pixels, of frames where nothing should be inside.
    package private(set) var foreground = 0
    package private(set) var pixels = 0

    private var iouSum = 0.0
    private var fSum = 0.0

    /// Nothing yet.
    package init() {}

    /// Adds a batch with labels. The last one of a split may be smaller and weighs the same.
    package mutating func add(_ batch: BatchScore) {
        iouSum += batch.meanIoU
        fSum += batch.fScore
        batches += 1
    }

    /// Adds a frame of the null set.
    package mutating func addNull(_ frame: FrameScore) {
        foreground += frame.foreground
        pixels += frame.pixels
    }

    /// mJ, the mean of the batches' Jaccard indices; nil without any.
    package var meanIoU: Double? { batches > 0 ? iouSum / Double(batches) : nil }

    /// F, the mean of the batches' F-scores; nil without any.
    package var fScore: Double? { batches > 0 ? fSum / Double(batches) : nil }

    /// S as the official code reports it: the part of the null set's pixels that are inside. The paper's definition is its square root.
    package var nullRatio: Double? { pixels > 0 ? Double(foreground) / Double(pixels) : nil }
}
