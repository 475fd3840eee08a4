import AuralCore

/// Which of the decoder's three maps becomes the mask. The three modes of upstream's validation, by its names.
package enum DecodeMode: String, Sendable, CaseIterable, Codable {
    /// The map with the highest predicted quality, which also went into the memory. The mode behind the paper's figures.
    case bestIoU = "iou_select"
    /// Always the first map.
    case first = "first_index"
    /// As `bestIoU`, but where no object is seen (its logit is below zero) all logits become 0, which is an empty mask.
    case bestIoUWhereObject = "iou_occ_select"

    /// The logits of the mask, maskSide². Throws where the result has no such map.
    func logits(of result: ClipFrameResult) throws(EvaluationError) -> [Float] {
        let index = self == .first ? 0 : result.best
        guard result.logits.indices.contains(index) else {
            throw EvaluationError("the model gave \(result.logits.count) maps and chose number \(index); this is a bug", exitStatus: .software)
        }
        if self == .bestIoUWhereObject, result.objectScore < 0 {
            return [Float](repeating: 0, count: result.logits[index].count)
        }
        return result.logits[index]
    }
}
