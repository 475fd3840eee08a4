import AuralCore
import AuralHearing
import AuralInference
import AuralNetworks

/// Live sound as prompts for the mask decoder: which frames are audio keyframes, what the fuser reads on them, and what it said.
///
/// `auralsam2` fuses the last T keyframes, one a second; while there have been fewer, the first one stands in the places before it too: a
/// clip that has only begun cannot be filled up at its end, as upstream does. `online` fuses every frame with the sound of the seconds before it.
final class SoundPrompter {
    private let fuser: AudioFuser
    private var schedule: KeyframeSchedule
    private var history: SoundHistory
    private var rows: [Float] = []
    /// Rows of words [tokens, d]; none for a fuser that takes none.
    private(set) var words: [Float] = []
    /// Keyframes so far.
    private(set) var keyframes: UInt64 = 0
    /// What was said of the present frame; nil where it is no keyframe.
    private(set) var present: AudioPrompts?
    var recipe: FuserRecipe { fuser.recipe }

    /// Makes a prompter; nil for a model without a fuser.
    init?(_ model: SegmentationModel, options: SoundOptions) {
        guard let fuser = AudioFuser(model, ablation: options.ablation) else { return nil }
        self.fuser = fuser
        let isOnline = fuser.recipe.variant == .online
        schedule = KeyframeSchedule(everyNanoseconds: isOnline ? 0 : options.keyframeNanoseconds)
        history = SoundHistory(seconds: options.history > 0 ? min(options.history, fuser.recipe.history) : fuser.recipe.history)
    }

    /// A new frame: what was said of the one before is over.
    func startFrame() { present = nil }

    /// Nothing is heard any more: keyframes so far say nothing of what will be.
    func reset() {
        schedule.reset()
        history.reset()
        rows = []
        present = nil
    }

    /// Rows of words [tokens, d] for a fuser that takes them.
    func setWords(_ tokens: [Float]) { words = tokens }

    /// Listens to the sound of the frame that was encoded last. Afterwards `present` has its prompts, if it is a keyframe.
    func hear(_ segment: AudioSegment) throws(EngineError) {
        guard schedule.isKeyframe(at: segment.end) else { return }
        let features = try fuser.features(segment.logMel, rows: 1)
        if recipe.variant == .online {
            try fuser.setFrame(0)
            let (rows, ages) = history.rows(adding: features, at: segment.end)
            try fuser.run(rows, secondsOld: ages)
            present = fuser.prompts(place: 0, row: 0)
        } else {
            try push(features)
            try fuser.run(rows + words)
            present = fuser.prompts(place: recipe.frames - 1, row: recipe.frames - 1)
        }
        keyframes += 1
    }

    /// The present frame and its sound become the newest of T.
    private func push(_ features: [Float]) throws(EngineError) {
        let newest = recipe.frames - 1
        if rows.isEmpty {
            try fuser.setFrame(newest)
            for place in 0..<newest { fuser.copyFrame(newest, to: place) }
            rows = (0...newest).flatMap { _ in features }
        } else {
            for place in 0..<newest { fuser.copyFrame(place + 1, to: place) }
            try fuser.setFrame(newest)
            rows = Array(rows.dropFirst(recipe.width)) + features
        }
    }
}
