import AuralInference
import AuralNetworks

extension OnlineTracker {
    /// Carries an object to the present frame within a window around the place where it was, and leaves the decoder's answers as the whole picture would.
    /// Returns false where the model is not to do so, or the object has to be looked for in the whole picture.
    func carryInWindow(_ index: Int) throws(EngineError) -> Bool {
        guard let features = model.window else { return false }
        let decoder = objects[index].decoder
        // Still the mask of the frame before.
        let found = GridWindow.following(UnsafeBufferPointer(decoder.chosen.floats), grid: features.grid, former: objects[index].window)
        let window = found ?? (options.isAlwaysInWindow ? .middle(of: features.grid) : nil)
        objects[index].window = window
        guard let window else { return false }
        let selection = objects[index].bank.selection(for: frame, pointerLimit: pointerLimit)
        guard !selection.memories.isEmpty else { return false }
        features.place(window, of: model, attended: try model.attendedEmbedding())
        let (stage, inputs) = objects[index].staging.stage(selection, pointerLimit: pointerLimit, window: window)
        let picture = [
            ("attended_embedding", features.attended), ("origin_cosine", features.originCosine), ("origin_sine", features.originSine),
        ]
        try model.run(stage, picture + inputs, [("conditioned_embedding", features.conditioned)])
        try model.run(
            .windowMaskDecoder,
            [
                ("conditioned_embedding", features.conditioned), ("dense_prompt", model.noMask.view(features.conditioned.shape)),
                ("high_res_0", features.highResolution0), ("high_res_1", features.highResolution1), ("sparse_prompt", noPointTokens),
                ("cells", features.cells),
            ],
            [
                ("masks", features.masks.view([1] + features.masks.shape)), ("ious", decoder.ious), ("object_score", decoder.objectScore),
                ("pointers", decoder.pointers),
            ])
        decoder.masks.paste(features.masks, of: window, side: model.maskSide)
        return true
    }

    /// Encodes the mask that was just found in a window; what is around it is remembered as a picture without the object. Returns false where it
    /// was not found in one, or the object is not there, which is a mark on every cell.
    func encodeMemory(_ index: Int, in window: GridWindow?, into memory: Tensor) throws(EngineError) -> Bool {
        guard let window, let features = model.window, let result = objects[index].result, result.isPresent, let chosen = result.details.chosen else {
            return false
        }
        let decoder = objects[index].decoder
        memory.copy(from: try model.emptyMemory(features))
        try model.run(
            .windowMemoryEncoder,
            [
                ("image_embedding", features.embedding), ("mask_logits", features.mask(chosen)), ("is_prompted", decoder.isPrompted),
                ("object_score", decoder.objectScore),
            ],
            [("memory", features.memory.view([1] + features.memory.shape))])
        memory.put(features.memory, window, grid: features.grid)
        return true
    }
}
