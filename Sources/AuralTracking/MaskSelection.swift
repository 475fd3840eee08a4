/// Which of the decoder's four masks is the answer. Source: upstream `MaskDecoder.forward`, `_dynamic_multimask_via_stability`.
package struct MaskSelection: Sendable, Equatable {
    /// The mask, 0…3 among the decoder's rows.
    package var mask: Int
    /// The mask token from which the object pointer is taken; differs from `mask` when an unstable single mask gave way.
    package var pointer: Int

    /// How far the logit threshold moves to either side for the stability score.
    static let stabilityDelta: Float = 0.05
    /// Below this stability the single mask gives way to the best of the others.
    static let stabilityThreshold: Float = 0.98

    /// Chooses.
    ///
    /// - Parameters:
    ///   - ious: the decoder's four estimates.
    ///   - isMultimask: true where the prompt is ambiguous (no or one point): the best of masks 1…3.
    ///   - singleMask: logits of mask 0, looked at only when `isMultimask` is false.
    package init(ious: UnsafeBufferPointer<Float>, isMultimask: Bool, singleMask: UnsafeBufferPointer<Float>) {
        var best = 1
        for index in 2..<4 where ious[index] > ious[best] { best = index }
        if isMultimask {
            (mask, pointer) = (best, best)
        } else {
            // The pointer stays with token 0 even where the mask does not.
            pointer = 0
            mask = Self.stability(singleMask) >= Self.stabilityThreshold ? 0 : best
        }
    }

    /// The IoU between the mask at a slightly higher and at a slightly lower threshold; 1 for an empty mask.
    package static func stability(_ logits: UnsafeBufferPointer<Float>) -> Float {
        var (inner, outer) = (0, 0)
        for logit in logits {
            if logit > stabilityDelta { inner += 1 }
            if logit > -stabilityDelta { outer += 1 }
        }
        return outer > 0 ? Float(inner) / Float(outer) : 1
    }
}
