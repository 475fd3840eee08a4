import AuralCapture
import AuralCore
import AuralInference
import AuralNetworks
import AuralTracking

/// Clips by the paper's protocol through AuralSAM2 (`AVSTracker`).
package final class AVSClipSegmenter: ClipSegmenter {
    private let model: SegmentationModel
    private let tracker: AVSTracker
    private let expressions: Expressions?
    package let maskSide: Int
    package let imageSize: Int
    package let clipFrames: Int
    package let takesExpression: Bool

    /// Puts a loaded model to work. Throws where it has no fuser of whole clips, or one that takes words and no text encoder.
    package init(_ model: SegmentationModel, _ bundle: ModelBundle, options: SoundOptions = SoundOptions()) throws {
        self.model = model
        tracker = try AVSTracker(model, options: options)
        expressions = try Expressions(model, bundle)
        (maskSide, imageSize, clipFrames) = (model.maskSide, model.imageSize, tracker.clipFrames)
        takesExpression = model.fuser?.hasText ?? false
        guard !takesExpression || expressions != nil else {
            throw EvaluationError(
                "\(bundle.directory): the fuser takes words, but there is no text encoder; import it with --text FOLDER", exitStatus: .usage)
        }
    }

    package func segment(
        _ images: [RGBImage], audioRows: [Float], expression: String?, frame: (Int, ClipFrameResult) throws -> Void
    ) throws {
        var resampler: BicubicResampler?
        let words = try expressions?.rows(expression ?? "") ?? []
        try tracker.run(logMel: audioRows, words: words) { index in
            let image = images[index]
            if resampler?.inputWidth != image.width || resampler?.inputHeight != image.height {
                resampler = BicubicResampler(inputWidth: image.width, inputHeight: image.height, side: model.imageSize)
            }
            try resampler?.resample(image, into: model.image.bytes)
        } body: { index, result in
            let size = maskSide * maskSide
            let values = Array(result.masks.floats)
            let logits = (0..<3).map { Array(values[($0 * size)..<(($0 + 1) * size)]) }
            try frame(index, ClipFrameResult(logits: logits, ious: result.ious, best: result.best, objectScore: result.objectScore))
        }
    }
}
