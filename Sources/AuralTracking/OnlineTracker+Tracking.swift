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
        let waiting = objects.indices.filter { objects[$0].result == nil }
        guard !waiting.isEmpty else { return }
        // Objects whose banks have the same shape stand beside each other, so that memory attention takes them as one batch.
        let order = waiting.sorted {
            let (first, second) = (objects[$0].bank, objects[$1].bank)
            return (first.conditioning.count, first.recent.count, $0) < (second.conditioning.count, second.recent.count, $1)
        }
        let batch = buffers(for: order.count)
        try attendToMemory(order, batch.conditioned)
        try decode(batch, batch.conditioned, sparse: batch.noPrompt, dense: model.noMask)
        for (row, index) in order.enumerated() { conclude(index, batch, row: row, isMultimask: true, isPrompted: false) }
        try remember(order, batch, isPrompted: false)
    }

    /// The buffers for a batch of this size; sizes that are no longer used are freed.
    func buffers(for count: Int) -> DecoderBuffers {
        if let known = batches[count] { return known }
        let fresh = DecoderBuffers(model, count: count, noPointTokens: noPointTokens)
        batches = [count: fresh]
        return fresh
    }

    /// Runs memory attention for some objects and writes [objects, HW, d] in their order.
    ///
    /// Objects with as many memories and pointers as each other go through as one batch; in the steady state these are all.
    func attendToMemory(_ indices: [Int], _ conditioned: Tensor) throws(EngineError) {
        let selections = indices.map { objects[$0].bank.selection(for: frame, pointerLimit: pointerLimit) }
        let size = model.cells * model.recipe.modelWidth
        let shape = [model.cells, model.recipe.modelWidth]
        var start = 0
        while start < selections.count {
            var end = start + 1
            while end < selections.count, selections[end].hasShape(of: selections[start]) { end += 1 }
            let (stage, inputs) = staging.stage(Array(selections[start..<end]), pointerLimit: pointerLimit)
            try model.run(
                stage, [("image_embedding", model.embedding)] + inputs,
                [("conditioned_embedding", conditioned.view([end - start] + shape, offset: start * size))])
            start = end
        }
    }

    /// Runs the mask decoder into a batch's buffers: the one that takes the prompts that there are. There are sparse ones, audio, or both.
    func decode(
        _ batch: DecoderBuffers, _ conditioned: Tensor, sparse: Tensor?, dense: Tensor, audio: AudioPrompts? = nil
    ) throws(EngineError) {
        let stage: StageName = audio == nil ? .maskDecoder : sparse == nil ? .audioMaskDecoder : .audioPromptMaskDecoder
        try model.run(
            stage,
            [
                ("conditioned_embedding", conditioned), ("dense_prompt", dense), ("high_res_0", model.highResolution0),
                ("high_res_1", model.highResolution1),
            ] + (sparse.map { [("sparse_prompt", $0)] } ?? []) + (audio?.inputs ?? []),
            [("masks", batch.masks), ("ious", batch.ious), ("object_score", batch.objectScore), ("pointers", batch.pointers)])
    }

    /// Chooses an object's mask, replaces mask and pointer where the object is absent, and sets its result. Without `gatesMask`, the mask stays even
    /// where the object is said to be absent: upstream's AuralSAM2 does so.
    func conclude(_ index: Int, _ batch: DecoderBuffers, row: Int, isMultimask: Bool, isPrompted: Bool, gatesMask: Bool = true) {
        let ious = batch.ious.view([4], offset: row * 4).floats
        let selection = MaskSelection(
            ious: UnsafeBufferPointer(ious), isMultimask: isMultimask,
            singleMask: UnsafeBufferPointer(batch.mask(row, 0).floats))
        let score = batch.objectScore.floats[row]
        let chosen = batch.chosenMask(row)
        if score > 0 || !gatesMask {
            chosen.copy(from: batch.mask(row, selection.mask))
        } else {
            // NO_OBJ_SCORE
            chosen.floats.update(repeating: -1024)
        }
        let logits = objects[index].decoder.chosenMask(0)
        logits.copy(from: chosen)
        let width = model.recipe.modelWidth
        let pointer =
            score > 0
            ? Array(batch.pointers.view([width], offset: (row * 4 + selection.pointer) * width).floats) : model.constants.noObjectPointer
        objects[index].result = ObjectResult(
            object: objects[index].identifier, logits: logits, iou: ious[selection.mask], objectScore: score, isPrompted: isPrompted,
            details: ObjectResult.Details(ious: Array(ious), chosen: selection.mask, pointer: pointer))
    }

    /// Encodes the chosen masks of a batch into memories and stores them.
    ///
    /// `isPinned` is true for what a person said, which stays longer than audio keyframes.
    func remember(_ indices: [Int], _ batch: DecoderBuffers, isPrompted: Bool, isConditioning: Bool = false, isPinned: Bool = true)
        throws(EngineError)
    {
        batch.isPrompted.floats.update(repeating: isPrompted ? 1 : 0)
        for (row, index) in indices.enumerated() {
            batch.objectScore.floats[row] = objects[index].result?.objectScore ?? 0
        }
        try model.run(
            .memoryEncoder,
            [
                ("image_embedding", model.embedding), ("mask_logits", batch.chosen), ("is_prompted", batch.isPrompted),
                ("object_score", batch.objectScore),
            ],
            [("memory", batch.memory)])
        let size = model.cells * model.recipe.memoryWidth
        for (row, index) in indices.enumerated() {
            let memory = memories.take()
            memory.copy(from: batch.memory.view(memory.shape, offset: row * size))
            nextMemory += 1
            let entry = MemoryEntry(
                identifier: nextMemory, frame: frame, memory: memory, pointer: objects[index].result?.details.pointer ?? [],
                isPinned: isPinned)
            memories.giveBack(objects[index].bank.store(entry, isConditioning: isConditioning))
        }
    }
}
