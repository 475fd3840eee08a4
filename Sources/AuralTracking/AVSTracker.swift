import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks

/// Whole clips by the paper's protocol: T frames and T rows of sound, no prompts of a person.
///
/// All frames are encoded and fused first, then tracked: the conditioning frame without memory, then the others in order. On every frame the best of
/// three masks is taken, whether or not the object is said to be there, and binarised for the memory. Belongs to one inference thread.
/// Source: upstream's prompt-free tracking loop; ARCHITECTURE.md has the table of its quirks.
package final class AVSTracker {
    /// What the decoder says of a frame. Tensors are valid until the next frame.
    package struct Frame {
        /// Masks 1 to 3 [3, S/4, S/4], logits.
        package var masks: Tensor
        /// Their estimated IoU.
        package var ious: [Float]
        /// The one with the highest estimate, 0…2.
        package var best: Int
        /// Logit of something sounding in the picture at all.
        package var objectScore: Float
        /// The pointer that is remembered [d].
        package var pointer: [Float]
        /// The memory that is remembered [HW, m].
        package var memory: Tensor
        /// The decoder's picture [1, HW, d]: features with memory.
        package var conditioned: Tensor
    }

    let model: SegmentationModel
    private let fuser: AudioFuser
    /// The frame that has no memory to look at: the first, or the middle one where there are words. Source: upstream's evaluation.
    package let conditioningFrame: Int
    private var features: [(embedding: Tensor, fine: Tensor, middle: Tensor)] = []
    private let decoder: DecoderBuffers
    private let staging: MemoryStaging
    private var bank: MemoryBank
    private var nextMemory = 0

    /// Frames of a clip.
    package var clipFrames: Int { fuser.recipe.frames }

    /// Makes a tracker. Throws where the model has no fuser, or one that needs no clip.
    package init(_ model: SegmentationModel, options: SoundOptions = SoundOptions()) throws(EngineError) {
        guard let fuser = AudioFuser(model, ablation: options.ablation), fuser.recipe.variant == .auralsam2 else {
            throw EngineError("the model has no fuser of the auralsam2 variant; import it with --fuser FILE", exitStatus: .usage)
        }
        self.model = model
        self.fuser = fuser
        conditioningFrame = fuser.recipe.text == nil ? 0 : fuser.recipe.frames / 2
        decoder = DecoderBuffers(model)
        staging = MemoryStaging(model)
        bank = MemoryBank(memoryFrames: model.recipe.memoryFrames, maximumPointers: model.recipe.maximumPointers, maximumConditioning: 1)
    }

    /// Segments a clip.
    ///
    /// - Parameters:
    ///   - logMel: sound, [T, 2, 96, 64].
    ///   - words: rows of the expression [tokens, d]; empty for fusers without words.
    ///   - load: puts frame i into the model's `image`.
    ///   - body: called once for each frame in the order of tracking.
    package func run(
        logMel: [Float], words: [Float] = [], load: (Int) throws -> Void, body: (Int, Frame) throws -> Void
    ) throws {
        let frames = fuser.recipe.frames
        bank = MemoryBank(memoryFrames: model.recipe.memoryFrames, maximumPointers: model.recipe.maximumPointers, maximumConditioning: 1)
        let sound = try fuser.features(logMel, rows: frames)
        for frame in 0..<frames {
            try load(frame)
            try model.encodeImage()
            keepFeatures(frame)
            try fuser.setFrame(frame)
        }
        try fuser.run(sound + words)
        for frame in [conditioningFrame] + (0..<frames).filter({ $0 != conditioningFrame }) { try body(frame, step(frame)) }
    }

    /// Puts other values in the place of what is remembered of a frame, for comparison with reference numbers.
    func replaceMemory(of frame: Int, memory: Tensor, pointer: [Float]) {
        remember(frame, memory, pointer)
    }

    /// Runs another memory encoder on a frame, for comparison with reference numbers.
    func encode(_ frame: Int, with stage: any EngineStage, _ mask: Tensor, into memory: Tensor) throws(EngineError) {
        try stage.run(
            inputs: [
                ("image_embedding", features[frame].embedding), ("mask_logits", mask), ("is_prompted", decoder.isPrompted),
                ("object_score", decoder.objectScore),
            ], outputs: [("memory", memory.view([1] + memory.shape))])
    }

    private func keepFeatures(_ frame: Int) {
        let present = (model.embedding, model.highResolution0, model.highResolution1)
        if features.count <= frame {
            func empty(_ tensor: Tensor) -> Tensor { Tensor(tensor.type, tensor.shape) }
            features.append((empty(present.0), empty(present.1), empty(present.2)))
        }
        features[frame].embedding.copy(from: present.0)
        features[frame].fine.copy(from: present.1)
        features[frame].middle.copy(from: present.2)
    }

    private func step(_ frame: Int) throws(EngineError) -> Frame {
        let (embedding, fine, middle) = features[frame]
        let limit = min(fuser.recipe.frames, model.recipe.maximumPointers)
        if frame == conditioningFrame {
            model.addNoMemory(embedding, to: decoder.conditioned)
        } else {
            let (stage, inputs) = staging.stage(bank.selection(for: frame, pointerLimit: limit), pointerLimit: limit)
            try model.run(stage, [("attended_embedding", model.attendToSelf(embedding))] + inputs, [("conditioned_embedding", decoder.conditioned)])
        }
        try model.run(
            .audioMaskDecoder,
            [
                ("conditioned_embedding", decoder.conditioned), ("dense_prompt", model.noMask), ("high_res_0", fine), ("high_res_1", middle),
            ] + fuser.prompts(place: frame, row: frame).inputs,
            [("masks", decoder.masks), ("ious", decoder.ious), ("object_score", decoder.objectScore), ("pointers", decoder.pointers)])
        let ious = decoder.ious.floats
        var best = 1
        for mask in 2..<4 where ious[mask] > ious[best] { best = mask }
        decoder.chosen.copy(from: decoder.mask(best).view(decoder.chosen.shape))
        decoder.isPrompted.floats[0] = 1
        let memory = Tensor(.float32, [model.cells, model.recipe.memoryWidth])
        try model.run(
            .memoryEncoder,
            [
                ("image_embedding", embedding), ("mask_logits", decoder.chosen), ("is_prompted", decoder.isPrompted),
                ("object_score", decoder.objectScore),
            ],
            [("memory", memory.view([1] + memory.shape))])
        let (width, side) = (model.recipe.modelWidth, model.maskSide)
        let score = decoder.objectScore.floats[0]
        let pointer = score > 0 ? Array(decoder.pointers.view([width], offset: best * width).floats) : model.constants.noObjectPointer
        remember(frame, memory, pointer)
        return Frame(
            masks: decoder.masks.view([3, side, side], offset: side * side), ious: Array(ious[1..<4]), best: best - 1, objectScore: score,
            pointer: pointer, memory: memory, conditioned: decoder.conditioned)
    }

    private func remember(_ frame: Int, _ memory: Tensor, _ pointer: [Float]) {
        nextMemory += 1
        _ = bank.store(
            MemoryEntry(identifier: nextMemory, frame: frame, memory: memory, pointer: pointer), isConditioning: frame == conditioningFrame)
    }
}
