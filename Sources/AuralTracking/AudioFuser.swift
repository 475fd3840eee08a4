import AuralGraph
import AuralInference
import AuralNetworks

/// The fuser's stages with their buffers: T frames in places 0…T−1, the oldest first, and their sound.
///
/// Level 0 of a frame is computed once, when the frame takes its place. Belongs to one inference thread.
final class AudioFuser {
    /// Which of the fuser's prompts reach the decoder; without one of them as in the paper's Table 4.
    struct Ablation: Sendable, Equatable {
        var usesSparse = true
        var usesDense = true
    }

    let recipe: FuserRecipe
    private let model: SegmentationModel
    private let ablation: Ablation
    /// Tokens of level 0 before fusion, and patches of levels 1 and 2, [T, HW, d] each.
    let frames: [Tensor]
    private let audio: Tensor
    private let ages: Tensor
    /// The last run's prompts by level, [T, HW, d] and [N, d].
    let dense: [Tensor]
    let sparse: [Tensor]
    private let silentDense: Tensor
    private let silentSparse: Tensor

    /// Allocates; nil for a model without a fuser.
    init?(_ model: SegmentationModel, ablation: Ablation = Ablation()) {
        guard let recipe = model.fuser else { return nil }
        self.recipe = recipe
        self.model = model
        self.ablation = ablation
        let (cells, width) = (model.cells, recipe.width)
        func maps(_ count: Int) -> Tensor { Tensor(.float32, [count, cells, width]) }
        frames = (0..<3).map { _ in maps(recipe.frames) }
        dense = (0..<3).map { _ in maps(recipe.frames) }
        audio = Tensor(.float32, [recipe.audioTokens, width])
        sparse = (0..<3).map { _ in Tensor(.float32, [recipe.audioTokens, width]) }
        ages = Tensor(.int64, [recipe.audioTokens])
        silentDense = maps(ablation.usesDense ? 0 : 1)
        silentSparse = Tensor(.float32, [ablation.usesSparse ? 0 : 1, width])
    }

    /// VGGish's features [rows, d] of log-mel segments [rows, 2, 96, 64].
    func features(_ logMel: [Float], rows: Int) throws(EngineError) -> [Float] {
        let features = Tensor(.float32, [rows, recipe.width])
        try model.run(.vggish, [("log_mel", Tensor([rows, 2, 96, 64], logMel))], [("audio_features", features)])
        return Array(features.floats)
    }

    /// Puts the frame that was encoded last into a place.
    func setFrame(_ place: Int) throws(EngineError) {
        try model.run(.fuserFrame, [("patch_0", model.patches[0])], [("frame_tokens", view(frames[0], place))])
        for level in 1..<3 { view(frames[level], place).copy(from: model.patches[level]) }
    }

    /// Copies the frame of one place to another.
    func copyFrame(_ from: Int, to place: Int) {
        for level in 0..<3 { view(frames[level], place).copy(from: view(frames[level], from)) }
    }

    /// Runs the fuser on all places. `rows` is the audio matrix [N, d]; for `online`, `secondsOld` tells the rows' ages.
    func run(_ rows: [Float], secondsOld: [Int] = []) throws(EngineError) {
        let count = rows.count / recipe.width
        let sound = audio.view([count, recipe.width])
        _ = sound.floats.update(fromContentsOf: rows)
        var inputs: [(name: String, tensor: Tensor)] = [
            ("frame_tokens", frames[0]), ("patch_1", frames[1]), ("patch_2", frames[2]), ("audio", sound),
        ]
        if recipe.variant == .online {
            for (row, age) in secondsOld.enumerated() { ages.integers[row] = Int64(age) }
            inputs.append(("ages", ages.view([count])))
        }
        try model.run(
            .fuser, inputs,
            dense.enumerated().map { ("dense_\($0.offset)", $0.element) }
                + sparse.enumerated().map { ("sparse_\($0.offset)", $0.element.view([count, recipe.width])) })
    }

    /// What the last run says of the frame in a place, whose sound is audio row `row`. Valid until the next run.
    func prompts(place: Int, row: Int) -> AudioPrompts {
        AudioPrompts(
            dense: dense.map { ablation.usesDense ? view($0, place) : silentDense },
            sparse: sparse.map { ablation.usesSparse ? $0.view([1, recipe.width], offset: row * recipe.width) : silentSparse })
    }

    private func view(_ tensor: Tensor, _ place: Int) -> Tensor {
        tensor.view([1, model.cells, recipe.width], offset: place * model.cells * recipe.width)
    }
}
