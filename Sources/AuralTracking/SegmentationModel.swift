import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks

/// The stages of a bundle, loaded and ready, with the buffers that pass between them.
///
/// Belongs to one inference thread. Source of the order of calls: upstream `SAM2Base._track_step`.
package final class SegmentationModel {
    /// The network's plan.
    package let recipe: NetworkRecipe
    /// Side of the model's square input, in pixels.
    package let imageSize: Int
    /// The tracker's small tensors.
    package let constants: ModelConstants
    /// The picture, uint8 [1, S, S, 3]: written by preprocessing, read by the image encoder.
    package let image: Tensor
    /// The features of the present frame, as `ImageEncoder` writes them.
    package let embedding: Tensor
    /// The same after memory attention's first self attention; valid where `isAttended`.
    private let attended: Tensor
    private var isAttended = false
    let highResolution0: Tensor
    let highResolution1: Tensor
    /// no_mask_embed on every cell [1, HW, d].
    let noMask: Tensor
    /// The fuser's plan; nil where the bundle has none and the model is deaf.
    package let fuser: FuserRecipe?
    /// The fuser's patches of the present frame on three levels [1, HW, d]; none without a fuser.
    let patches: [Tensor]
    /// Whether most memories are read at a quarter of their resolution.
    let poolsMemories: Bool
    /// Where objects are carried forward in windows, what that needs; nil where they are not.
    let window: WindowFeatures?
    private var loaded: [StageName: any EngineStage] = [:]
    /// Called with a stage's name and the nanoseconds that a run took, when set.
    package var observer: ((StageName, Int64) -> Void)?
    private let clock = SystemTimeSource()

    /// Cells of the stride 16 grid.
    var cells: Int { (imageSize / 16) * (imageSize / 16) }
    /// Side of the decoder's masks.
    package var maskSide: Int { imageSize / 4 }

    /// Loads every stage. Throws what the engine reports.
    ///
    /// - Parameters:
    ///   - bundle: the model.
    ///   - engine: what runs it.
    ///   - precision: the arithmetic of the heavy stages (see `isHeavy`).
    ///   - poolsMemories: memories other than conditioning frames and the frame before are read at a quarter of their resolution: faster, less exact.
    ///   - usesWindows: an object that is small enough is carried forward in a part of the picture around it (`GridWindow`): faster, less exact.
    ///   - progress: called with each stage's name before it is loaded.
    package init(
        _ bundle: ModelBundle, engine: any Engine, precision: Precision, poolsMemories: Bool = false, usesWindows: Bool = false,
        progress: (StageName) -> Void = { _ in }
    ) throws(EngineError) {
        let stages = bundle.stages.filter { (!$0.poolsMemories || poolsMemories) && (!$0.isOfWindow || usesWindows) }
        self.poolsMemories = poolsMemories
        window = usesWindows ? WindowFeatures(bundle.manifest.network, imageSize: bundle.manifest.imageSize) : nil
        recipe = bundle.manifest.network
        imageSize = bundle.manifest.imageSize
        constants = bundle.constants
        let (width, cells) = (recipe.modelWidth, (imageSize / 16) * (imageSize / 16))
        image = Tensor(.uint8, [1, imageSize, imageSize, 3])
        embedding = Tensor(.float32, [1, cells, width])
        attended = Tensor(.float32, embedding.shape)
        highResolution0 = Tensor(.float32, [1, cells, 16, width / 8])
        highResolution1 = Tensor(.float32, [1, cells, 4, width / 4])
        noMask = Tensor([1, cells, width], (0..<cells).flatMap { _ in bundle.constants.noMaskEmbedding })
        fuser = bundle.manifest.fuser?.recipe
        let fuserWidth = fuser?.width ?? 0
        patches = fuser == nil ? [] : (0..<3).map { _ in Tensor(.float32, [1, cells, fuserWidth]) }
        for stage in stages {
            progress(stage)
            let file = StageFile(name: stage.rawValue, path: bundle.path(of: stage), precision: Self.isHeavy(stage) ? precision : .float32)
            loaded[stage] = try engine.load(file)
        }
    }

    /// Whether the bundle holds a stage.
    package func has(_ stage: StageName) -> Bool { loaded[stage] != nil }

    /// The stages that take the time. The others stay in float32 always: the prompt encoder's angles need it, and the decoder's logits decide
    /// pixels at 2 % of a frame's time.
    static func isHeavy(_ stage: StageName) -> Bool {
        switch stage {
        case .imageEncoder, .firstSelfAttention, .memoryAttention, .memoryAttentionPooled, .windowMemoryAttention, .windowMemoryAttentionPooled,
            .memoryEncoder, .windowMemoryEncoder, .vggish, .fuserFrame, .fuser, .textEncoder:
            true
        case .promptEncoder, .maskPromptEncoder, .maskInputEncoder, .maskDecoder, .windowMaskDecoder, .audioMaskDecoder, .audioPromptMaskDecoder,
            .textProjection:
            false
        }
    }

    /// Runs one stage on named tensors.
    func run(
        _ stage: StageName, _ inputs: [(name: String, tensor: Tensor)], _ outputs: [(name: String, tensor: Tensor)]
    ) throws(EngineError) {
        guard let ready = loaded[stage] else { throw EngineError("stage \(stage.rawValue) is not loaded", exitStatus: .software) }
        let start = clock.now()
        try ready.run(inputs: inputs, outputs: outputs)
        observer?(stage, clock.now().nanoseconds(since: start))
    }

    /// The layers of every stage that ran, so far; none where the engine was not told to measure them. Throws what the engine reports.
    package func layerProfiles() throws(EngineError) -> [StageName: LayerProfile] {
        var profiles: [StageName: LayerProfile] = [:]
        for (name, stage) in loaded { profiles[name] = try stage.layerProfile() }
        return profiles
    }

    /// Encodes the picture in `image`.
    func encodeImage() throws(EngineError) {
        isAttended = false
        window?.forget()
        try run(
            .imageEncoder, [("image", image)],
            [("image_embedding", embedding), ("high_res_0", highResolution0), ("high_res_1", highResolution1)]
                + patches.enumerated().map { ("patch_\($0.offset)", $0.element) })
    }

    /// The present frame's features after memory attention's first self attention, which is the same for all objects.
    func attendedEmbedding() throws(EngineError) -> Tensor {
        if isAttended { return attended }
        let result = try attendToSelf(embedding)
        isAttended = true
        return result
    }

    /// The same for other features; the tensor is valid until the next call.
    func attendToSelf(_ features: Tensor) throws(EngineError) -> Tensor {
        isAttended = false
        try run(.firstSelfAttention, [("image_embedding", features)], [("attended_embedding", attended)])
        return attended
    }

    /// Features plus no_mem_embed: what the decoder sees where there is no memory.
    func addNoMemory(_ features: Tensor, to conditioned: Tensor) {
        let (source, target, addend) = (features.floats, conditioned.floats, constants.noMemoryEmbedding)
        for cell in 0..<cells {
            for channel in addend.indices {
                target[cell * addend.count + channel] = source[cell * addend.count + channel] + addend[channel]
            }
        }
    }
}
