import AuralCapture
import AuralCore
import AuralHearing
import AuralInference
import AuralTracking

/// Clips through the tracker of a live stream, for the `online` fuser: frame by frame, each with its own second of sound, carried by SAM 2's memory.
///
/// As in the paper's protocol every second of sound is looked at, however quiet: whether something sounds is the decoder's to say, not the silence
/// gate's. A clip may have any number of frames.
package final class OnlineClipSegmenter: ClipSegmenter {
    private let model: SegmentationModel
    private let tracker: OnlineTracker
    private let remembers: Bool
    package let maskSide: Int
    package let imageSize: Int
    package let clipFrames: Int
    package let takesExpression = false

    /// Puts a loaded model to work on clips of `clipFrames` frames. Without `remembers` every frame is looked at as if it were the first. Throws what
    /// the engine reports.
    package init(_ model: SegmentationModel, clipFrames: Int, remembers: Bool, options: SoundOptions = SoundOptions()) throws(EngineError) {
        self.model = model
        self.clipFrames = clipFrames
        self.remembers = remembers
        tracker = try OnlineTracker(model, options: TrackerOptions(sound: options))
        (maskSide, imageSize) = (model.maskSide, model.imageSize)
    }

    package func segment(
        _ images: [RGBImage], audioRows: [Float], expression: String?, frame: (Int, ClipFrameResult) throws -> Void
    ) throws {
        tracker.reset()
        var resampler: BicubicResampler?
        for (index, image) in images.enumerated() {
            if !remembers { tracker.reset() }
            if resampler?.inputWidth != image.width || resampler?.inputHeight != image.height {
                resampler = BicubicResampler(inputWidth: image.width, inputHeight: image.height, side: model.imageSize)
            }
            try resampler?.resample(image, into: model.image.bytes)
            let row = audioRows.dropFirst(index * AudioSegment.valueCount).prefix(AudioSegment.valueCount)
            let end = MonoTime(nanoseconds: Int64(index) * 1_000_000_000)
            let (results, _) = try tracker.track(prompts: []) { AudioSegment(logMel: Array(row), isSounding: true, end: end) }
            guard let result = results.first(where: { $0.object == .sounding }) else {
                throw EvaluationError("frame \(index): the model said nothing of what sounds; this is a bug", exitStatus: .software)
            }
            // The tracker has chosen among the three maps already.
            let logits = Array(result.logits.floats)
            try frame(
                index,
                ClipFrameResult(
                    logits: [logits, logits, logits], ious: [result.iou, result.iou, result.iou], best: 0, objectScore: result.objectScore))
        }
    }
}
