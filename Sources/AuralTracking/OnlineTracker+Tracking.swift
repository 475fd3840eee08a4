import AuralInference
import AuralNetworks

extension OnlineTracker {
    /// min(number of frames, `max_obj_ptrs_in_encoder`).
    var pointerLimit: Int { min(options.clipLength ?? .max, model.recipe.maximumPointers) }

    /// Forgets what was said of the frame before.
    func startFrame() {
        for index in objects.indices {
            objects[index].clicks = []
            objects[index].startsHere = false
            objects[index].result = nil
        }
        sound?.startFrame()
    }

    /// Carries every object that has no result yet from the frames before to the present one.
    func carryForward() throws(EngineError) {
        for index in objects.indices where objects[index].result == nil {
            let isInWindow = try carryInWindow(index)
            if !isInWindow {
                let decoder = objects[index].decoder
                try attendToMemory(index)
                try decode(decoder, decoder.conditioned, sparse: noPointTokens, dense: model.noMask)
            }
            conclude(index, isMultimask: true, isPrompted: false)
            try remember(index, isPrompted: false, window: isInWindow ? objects[index].window : nil)
        }
    }

    /// Writes an object's picture for the decoder: by memory attention, or plus no_mem_embed where there is nothing to remember or `isFirst`.
    func attendToMemory(_ index: Int, isFirst: Bool = false) throws(EngineError) {
        let selection = objects[index].bank.selection(for: frame, pointerLimit: pointerLimit)
        guard !isFirst, !selection.memories.isEmpty else { return model.addNoMemory(model.embedding, to: objects[index].decoder.conditioned) }
        let (stage, inputs) = objects[index].staging.stage(selection, pointerLimit: pointerLimit)
        try model.run(
            stage, [("attended_embedding", model.attendedEmbedding())] + inputs,
            [("conditioned_embedding", objects[index].decoder.conditioned)])
    }

    /// Runs the mask decoder: the one that takes the prompts that there are. There are sparse ones, audio, or both.
    func decode(
        _ decoder: DecoderBuffers, _ conditioned: Tensor, sparse: Tensor?, dense: Tensor, audio: AudioPrompts? = nil
    ) throws(EngineError) {
        let stage: StageName = audio == nil ? .maskDecoder : sparse == nil ? .audioMaskDecoder : .audioPromptMaskDecoder
        try model.run(
            stage,
            [
                ("conditioned_embedding", conditioned), ("dense_prompt", dense), ("high_res_0", model.highResolution0),
                ("high_res_1", model.highResolution1),
            ] + (sparse.map { [("sparse_prompt", $0)] } ?? []) + (audio?.inputs ?? []),
            [("masks", decoder.masks), ("ious", decoder.ious), ("object_score", decoder.objectScore), ("pointers", decoder.pointers)])
    }

    /// Chooses an object's mask, replaces mask and pointer where the object is absent, and sets its result. Without `gatesMask`, the mask stays even
    /// where the object is said to be absent: upstream's AuralSAM2 does so.
    func conclude(_ index: Int, isMultimask: Bool, isPrompted: Bool, gatesMask: Bool = true) {
        let decoder = objects[index].decoder
        let ious = decoder.ious.floats
        let selection = MaskSelection(
            ious: UnsafeBufferPointer(ious), isMultimask: isMultimask, singleMask: UnsafeBufferPointer(decoder.mask(0).floats))
        let score = decoder.objectScore.floats[0]
        let chosen = decoder.chosenMask
        if score > 0 || !gatesMask {
            chosen.copy(from: decoder.mask(selection.mask))
        } else {
            // NO_OBJ_SCORE
            chosen.floats.update(repeating: -1024)
        }
        let width = model.recipe.modelWidth
        let pointer =
            score > 0 ? Array(decoder.pointers.view([width], offset: selection.pointer * width).floats) : model.constants.noObjectPointer
        objects[index].result = ObjectResult(
            object: objects[index].identifier, logits: chosen, iou: ious[selection.mask], objectScore: score, isPrompted: isPrompted,
            details: ObjectResult.Details(ious: Array(ious), chosen: selection.mask, pointer: pointer))
    }

    /// Encodes an object's chosen mask into a memory and stores it.
    ///
    /// `isPinned` is true for what a person said, which stays longer than audio keyframes; `window` is the one that the mask was found in.
    func remember(
        _ index: Int, isPrompted: Bool, isConditioning: Bool = false, isPinned: Bool = true, window: GridWindow? = nil
    ) throws(EngineError) {
        let (decoder, result) = (objects[index].decoder, objects[index].result)
        decoder.isPrompted.floats[0] = isPrompted ? 1 : 0
        decoder.objectScore.floats[0] = result?.objectScore ?? 0
        let memory = memories.take()
        do throws(EngineError) {
            if try !encodeMemory(index, in: window, into: memory) {
                try model.run(
                    .memoryEncoder,
                    [
                        ("image_embedding", model.embedding), ("mask_logits", decoder.chosen), ("is_prompted", decoder.isPrompted),
                        ("object_score", decoder.objectScore),
                    ],
                    [("memory", memory.view([1] + memory.shape))])
            }
        } catch {
            memories.giveBack([memory])
            throw error
        }
        nextMemory += 1
        let entry = MemoryEntry(
            identifier: nextMemory, frame: frame, memory: memory, pointer: result?.details.pointer ?? [], isPinned: isPinned)
        memories.giveBack(objects[index].bank.store(entry, isConditioning: isConditioning))
    }
}
