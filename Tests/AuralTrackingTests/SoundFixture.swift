import AuralCore
import AuralHearing
import AuralInference
import AuralNetworks
import AuralTesting
import AuralTracking

/// A tracker that hears, over an engine that computes nothing: T of 3, bank of 5 memories.
struct SoundFixture {
    let engine = RecordingEngine()
    let model: SegmentationModel
    let tracker: OnlineTracker

    init(
        _ variant: FuserVariant = .auralsam2, text: Bool = false, options: TrackerOptions = TrackerOptions()
    ) throws {
        let bundle = try TestBundle.hearing(TestBundle.smallRecipe, imageSize: 256, fuser: TestBundle.smallFuser(variant, text: text))
        model = try SegmentationModel(bundle, engine: engine, precision: .float32)
        tracker = try OnlineTracker(model, options: options)
        engine.forgetCalls()
    }

    /// Sound at a time in seconds, every number of it `value`.
    static func segment(_ seconds: Double, _ value: Float = 0, isSounding: Bool = true) -> AudioSegment {
        AudioSegment(
            logMel: Array(repeating: value, count: AudioSegment.valueCount), isSounding: isSounding,
            end: MonoTime(nanoseconds: Int64(seconds * 1e9)))
    }

    /// Tracks a frame that hears something.
    @discardableResult func hear(_ seconds: Double, _ value: Float = 0, prompts: [(object: ObjectID, prompt: Prompt)] = []) throws -> [ObjectResult] {
        let (results, failures) = try tracker.track(prompts: prompts) { Self.segment(seconds, value) }
        for failure in failures.values { throw failure }
        return results
    }

    /// Tracks a frame in silence.
    @discardableResult func silence(_ seconds: Double) throws -> [ObjectResult] {
        try tracker.track { Self.segment(seconds, isSounding: false) }.results
    }

    /// The decoders that ran, in order.
    var decoders: [String] {
        engine.stages.filter { ["mask_decoder", "audio_mask_decoder", "audio_prompt_mask_decoder"].contains($0) }
    }
}
