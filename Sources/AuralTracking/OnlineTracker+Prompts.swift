import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks

extension OnlineTracker {
    /// Why a prompt cannot be taken, or nil.
    func reject(_ identifier: ObjectID, _ prompt: Prompt, isKnown: Bool) -> TrackingError? {
        if !isKnown, identifier == .sounding {
            let reason = sound == nil ? "the model has no fuser" : "nothing sounds on this frame, or it was removed on it"
            return TrackingError(
                sound == nil ? .badPrompt : .noSuchObject, "object_id 0 is the sounding object, and \(reason); prompt an object of another number")
        }
        let prompted = objects.count { $0.identifier != .sounding }
        if !isKnown, prompted >= options.maximumObjects {
            return TrackingError(.tooManyObjects, "\(prompted) objects are tracked already; remove one first")
        }
        guard case .points(let points, let box, _) = prompt else { return nil }
        let isInside = { (value: Float) in value >= 0 && value <= 1 }
        if points.isEmpty && box == nil { return TrackingError(.badPrompt, "points: empty; give at least one point or a box") }
        if !points.allSatisfy({ isInside($0.x) && isInside($0.y) }) {
            return TrackingError(.badPrompt, "points: outside the frame; coordinates go from 0 to 1")
        }
        if let box {
            guard [box.left, box.top, box.right, box.bottom].allSatisfy(isInside), box.left < box.right, box.top < box.bottom else {
                return TrackingError(.badPrompt, "box: give left < right and top < bottom, from 0 to 1")
            }
        }
        if !isKnown, box == nil, !points.contains(where: \.isPositive) {
            return TrackingError(.badPrompt, "labels: a new object needs at least one positive point or a box")
        }
        return nil
    }

    /// Points and boxes: starts the object at `index` on this frame, or corrects it.
    func applyPoints(_ index: Int, _ points: [PointPrompt], _ box: BoxPrompt?, _ replacing: Bool) throws(EngineError) {
        let side = Float(model.imageSize)
        var clicks: [TrackedObject.Click] = []
        if let box {
            clicks.append(TrackedObject.Click(x: box.left * side, y: box.top * side, label: 2))
            clicks.append(TrackedObject.Click(x: box.right * side, y: box.bottom * side, label: 3))
        }
        clicks += points.map { TrackedObject.Click(x: $0.x * side, y: $0.y * side, label: $0.isPositive ? 1 : 0) }
        // A box comes before all points, so it always starts anew.
        objects[index].clicks = (replacing || box != nil ? [] : objects[index].clicks) + clicks
        let all = objects[index].clicks

        let decoder = objects[index].decoder
        // Upstream: a frame that was not tracked yet is prompted without memory, one that was is corrected with it.
        try attendToMemory(index, isFirst: objects[index].startsHere)
        let sparse = try encodePoints(all)
        let dense = try previousMask(index)
        // On an audio keyframe both speak; between two of them SAM 2 is alone, as sound of another frame would shift the mask.
        let audio = objects[index].identifier == .sounding ? sound?.present : nil
        try decode(decoder, decoder.conditioned, sparse: sparse, dense: dense, audio: audio)
        conclude(index, isMultimask: all.count <= 1, isPrompted: true)
        try remember(index, isPrompted: true, isConditioning: isConditioning(index))
    }

    /// A mask is taken at its word; the decoder only makes its pointer. Source: upstream `_use_mask_as_output`.
    func applyMask(_ index: Int, _ mask: BinaryMask) throws(EngineError) {
        let side = model.imageSize
        let square = squareMask(mask)
        let input = Tensor([1, 1, side, side], square)
        let dense = Tensor(.float32, [1, model.cells, model.recipe.modelWidth])
        try model.run(.maskInputEncoder, [("mask", input)], [("dense_prompt", dense)])
        let decoder = objects[index].decoder
        // The raw features: no memory, and not even the embedding that says so.
        try decode(decoder, model.embedding, sparse: noPointTokens, dense: dense)

        let isPresent = square.contains { $0 > 0 }
        let width = model.recipe.modelWidth
        let pointer =
            isPresent && decoder.objectScore.floats[0] > 0
            ? Array(decoder.pointers.view([width]).floats) : model.constants.noObjectPointer
        let logits = square.map { $0 * 20 - 10 }.withUnsafeBufferPointer {
            AntialiasedResize(from: (side, side), to: (side / 4, side / 4)).resize($0)
        }
        _ = decoder.chosen.floats.update(fromContentsOf: logits)
        objects[index].clicks = []
        objects[index].result = ObjectResult(
            object: objects[index].identifier, logits: decoder.chosenMask, iou: 1, objectScore: isPresent ? 10 : -10, isPrompted: true,
            details: ObjectResult.Details(ious: [], chosen: nil, pointer: pointer))
        try remember(index, isPrompted: true, isConditioning: isConditioning(index))
    }

    /// Whether a prompted frame becomes a conditioning memory. Always for the sounding object: nobody prompted its first frame, so nothing else that a
    /// person says of it would last.
    private func isConditioning(_ index: Int) -> Bool {
        objects[index].startsHere || options.conditionsOnCorrections || objects[index].identifier == .sounding
    }

    /// A mask of any size at the model's size: 1 where at least half of a pixel belongs to the object.
    private func squareMask(_ mask: BinaryMask) -> [Float] {
        let side = model.imageSize
        let values = mask.pixels.map { Float($0) }
        if mask.width == side, mask.height == side { return values }
        let resized = values.withUnsafeBufferPointer {
            AntialiasedResize(from: (mask.width, mask.height), to: (side, side)).resize($0)
        }
        return resized.map { $0 >= 0.5 ? 1 : 0 }
    }

    /// Sparse tokens of clicks, with the padding point that upstream appends.
    private func encodePoints(_ clicks: [TrackedObject.Click]) throws(EngineError) -> Tensor {
        let coordinates = Tensor([1, clicks.count + 1, 2], clicks.flatMap { [$0.x, $0.y] } + [0, 0])
        let labels = Tensor(.int64, [1, clicks.count + 1])
        for (position, click) in clicks.enumerated() { labels.integers[position] = click.label }
        labels.integers[clicks.count] = -1
        let sparse = Tensor(.float32, [1, clicks.count + 1, model.recipe.modelWidth])
        try model.run(.promptEncoder, [("point_coords", coordinates), ("point_labels", labels)], [("sparse_prompt", sparse)])
        return sparse
    }

    /// The object's mask on this frame so far as dense prompt, clamped to ±32 as upstream does; no_mask_embed where there is none.
    private func previousMask(_ index: Int) throws(EngineError) -> Tensor {
        guard let previous = objects[index].result else { return model.noMask }
        let side = model.maskSide
        let logits = Tensor([1, 1, side, side], previous.logits.floats.map { min(max($0, -32), 32) })
        let dense = Tensor(.float32, [1, model.cells, model.recipe.modelWidth])
        try model.run(.maskPromptEncoder, [("mask_logits", logits)], [("dense_prompt", dense)])
        return dense
    }
}
