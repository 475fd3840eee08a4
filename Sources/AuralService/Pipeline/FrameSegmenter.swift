import AuralCapture
import AuralCore
import AuralHearing
import AuralInference
import AuralTracking
import AuralWire
import Glibc

/// From a decoded frame to the objects of its record: resize, track, enlarge the masks and make their run lengths.
///
/// Belongs to one inference thread. Once warm it allocates nothing of a mask's size or larger for a frame.
package final class FrameSegmenter {
    /// At which size masks are written.
    package enum MaskSize: Sendable {
        /// The frame's.
        case frame
        /// The network's own, a quarter of the model's square.
        case native
    }

    /// The tracker that does the work.
    package let tracker: OnlineTracker
    private let model: SegmentationModel
    /// At which size masks are written from now on.
    package var maskSize: MaskSize
    /// Side of the model's square, in pixels.
    package var imageSize: Int { model.imageSize }
    /// Encodes words, for models that take some.
    package var expressions: Expressions?
    /// Side of the decoder's masks.
    package var maskSide: Int { model.maskSide }
    /// The sounding object's logits on the frame that was segmented last; nil while nothing sounds.
    package var soundingMask: Tensor? { tracker.isSounding ? tracker.results.first { $0.object == .sounding }?.logits : nil }
    /// The size of masks on the frame that was segmented last.
    package var maskPixels: (width: Int, height: Int) { maskSize == .frame ? frameSize : (width: model.maskSide, height: model.maskSide) }
    private var resampler: BicubicResampler?
    private var encoder = RunLengthEncoder()
    private var frameSize = (width: 0, height: 0)

    /// Called with the nanoseconds that resizing and mask encoding took, when set.
    package var observer: ((FrameStep, Int64) -> Void)?
    private let clock = SystemTimeSource()

    /// The steps besides the networks.
    package enum FrameStep: String, Sendable, CaseIterable {
        case resize
        case encodeMasks = "encode_rle"
    }

    /// Puts a tracker of `model` to work. Throws what the engine reports.
    package init(_ model: SegmentationModel, options: TrackerOptions, maskSize: MaskSize) throws(EngineError) {
        self.model = model
        self.maskSize = maskSize
        tracker = try OnlineTracker(model, options: options)
    }

    /// Tracks all objects on the next frame and applies prompts to it.
    ///
    /// `size` is the frame's, where `image` is a smaller copy of it; `hear` is asked for the frame's sound once the picture is encoded. Returns the
    /// record's objects, ordered by number, and by index the prompts that could not be applied. Throws where the frame's size is none, or what the
    /// engine reports.
    package func segment(
        _ image: RGBImage, size: (width: Int, height: Int)? = nil, prompts: [(object: ObjectID, prompt: Prompt)] = [],
        hear: () -> AudioSegment? = { nil }
    ) throws -> (objects: [FrameObject], failures: [Int: TrackingError]) {
        let start = clock.now()
        if resampler?.inputWidth != image.width || resampler?.inputHeight != image.height {
            resampler = BicubicResampler(inputWidth: image.width, inputHeight: image.height, side: model.imageSize)
        }
        frameSize = size ?? (image.width, image.height)
        try resampler?.resample(image, into: model.image.bytes)
        observer?(.resize, clock.now().nanoseconds(since: start))
        let (results, failures) = try tracker.track(prompts: prompts, hear: hear)
        return (try records(results), failures)
    }

    /// Applies a prompt to the frame that was segmented last. Returns the object as it is now, or why it could not be done.
    package func prompt(_ object: ObjectID, _ prompt: Prompt) throws -> Result<FrameObject, TrackingError> {
        if let failure = try tracker.prompt(object, prompt) { return .failure(failure) }
        guard let record = try records(tracker.results.filter { $0.object == object }).first else {
            return .failure(TrackingError(.noSuchObject, "object_id \(object) has no result on this frame"))
        }
        return .success(record)
    }

    private func records(_ results: [ObjectResult]) throws -> [FrameObject] {
        let start = clock.now()
        defer { observer?(.encodeMasks, clock.now().nanoseconds(since: start)) }
        let size = maskPixels
        var records: [FrameObject] = []
        for result in results.sorted(by: { $0.object < $1.object }) {
            try encoder.encode(
                logits: UnsafeBufferPointer(result.logits.floats), logitsWidth: model.maskSide, logitsHeight: model.maskSide,
                width: size.width, height: size.height)
            records.append(
                FrameObject(
                    objectID: result.object, kind: result.object == .sounding ? .sounding : .prompt, score: Self.sigmoid(result.objectScore),
                    iou: result.iou, encoder: encoder))
        }
        return records
    }

    private static func sigmoid(_ logit: Float) -> Float { 1 / (1 + expf(-logit)) }
}
