import AuralCore
import AuralGraph
import AuralHearing
import AuralInference
import AuralNetworks

/// SAM 2's video tracker for a stream: one frame in, masks out, for as long as it runs.
///
/// Frames count from 0 in the order in which they are given. Prompts for an object that is not tracked yet start it on the frame, without
/// memory; prompts for one that is correct what tracking said of the same frame, with its memory and its former mask, as upstream's video
/// predictor does. All tracked objects share one image encoding; memory attention, decoder and memory encoder run for one after
/// the other: as a batch they take longer, since engines know the shapes of one object before they run. Memory is bounded by `MemoryBank`.
/// Belongs to one inference thread.
/// Source: upstream `sam2_video_predictor.py`, `SAM2Base.track_step`.
package final class OnlineTracker {
    let model: SegmentationModel
    package let options: TrackerOptions
    var objects: [TrackedObject] = []
    /// Index of the present frame; −1 before the first.
    package private(set) var frame = -1
    var memories: TensorPool
    var nextMemory = 0
    /// Two not-a-point tokens [1, 2, d]: a frame without prompt.
    let noPointTokens: Tensor
    /// What hears; nil for a model without a fuser.
    let sound: SoundPrompter?
    /// What is said of the sounding object while nothing sounds.
    let silence: Tensor

    /// Makes a tracker without objects. Throws what the engine reports.
    package init(_ model: SegmentationModel, options: TrackerOptions = TrackerOptions()) throws(EngineError) {
        self.model = model
        self.options = options
        memories = TensorPool(shape: [model.cells, model.recipe.memoryWidth])
        sound = SoundPrompter(model, options: options.sound)
        silence = Tensor(.float32, [model.maskSide, model.maskSide])
        silence.floats.update(repeating: -1024)
        noPointTokens = Tensor(.float32, [1, 2, model.recipe.modelWidth])
        let coordinates = Tensor(.float32, [1, 2, 2])
        let labels = Tensor(.int64, [1, 2])
        labels.integers.update(repeating: -1)
        try model.run(.promptEncoder, [("point_coords", coordinates), ("point_labels", labels)], [("sparse_prompt", noPointTokens)])
    }

    /// The objects that are tracked, in the order of their arrival.
    package var identifiers: [ObjectID] { objects.map(\.identifier) }

    /// Spatial memories and pointers held for all objects together: bounded, however long the stream runs.
    package var bankEntries: Int { objects.reduce(0) { $0 + $1.bank.conditioning.count + $1.bank.recent.count } }

    /// Bytes of what is remembered of all objects: spatial memories and pointers, in 32-bit numbers.
    package var bankBytes: Int {
        objects.reduce(0) { sum, object in
            (object.bank.conditioning + object.bank.recent).reduce(sum) {
                $0 + 4 * ($1.pointer.count + ($1.memory == nil ? 0 : model.cells * model.recipe.memoryWidth))
            }
        }
    }

    /// Tensors ever allocated for spatial memories: stays the same once a stream is warm.
    package var allocatedMemories: Int { memories.made }

    /// The bank of an object, for diagnosis.
    package func bank(of identifier: ObjectID) -> MemoryBank? {
        objects.first { $0.identifier == identifier }?.bank
    }

    /// Takes the frame whose pixels are in the model's `image`, carries all objects forward, then applies `prompts` to it.
    ///
    /// With a fuser, `hear` is asked for the frame's sound once the picture is encoded, and object 0 is what sounds (see `ObjectID.sounding`).
    /// A prompt that is wrong is reported in `failures` by its index and disturbs nothing else. Throws only what the engine reports.
    package func track(
        prompts: [(object: ObjectID, prompt: Prompt)] = [], hear: () -> AudioSegment? = { nil }
    ) throws(EngineError) -> (results: [ObjectResult], failures: [Int: TrackingError]) {
        frame += 1
        // First of all: what an engine that fails leaves behind must not look like this frame's results.
        startFrame()
        try model.encodeImage()
        try follow(hear())
        try carryForward()
        var failures: [Int: TrackingError] = [:]
        for (index, entry) in prompts.enumerated() {
            if let failure = try prompt(entry.object, entry.prompt) { failures[index] = failure }
        }
        return (results, failures)
    }

    /// The results of the present frame. With a fuser the sounding object is always among them: with an empty mask while nothing sounds.
    package var results: [ObjectResult] {
        let results = objects.compactMap(\.result)
        guard sound != nil, frame >= 0, !results.contains(where: { $0.object == .sounding }) else { return results }
        return [.silent(silence)] + results
    }

    /// Applies a prompt to the present frame: starts an object, or corrects one. Returns why it could not, or nil.
    ///
    /// Throws only what the engine reports.
    package func prompt(_ identifier: ObjectID, _ prompt: Prompt) throws(EngineError) -> TrackingError? {
        guard frame >= 0 else { return TrackingError(.frameExpired, "no frame has been seen yet; prompt again when frames come") }
        let known = objects.firstIndex { $0.identifier == identifier }
        if let failure = reject(identifier, prompt, isKnown: known != nil) { return failure }
        let index: Int
        if let known {
            index = known
        } else {
            index = add(identifier)
        }
        let clicks = objects[index].clicks
        do throws(EngineError) {
            switch prompt {
            case .points(let points, let box, let replacing): try applyPoints(index, points, box, replacing)
            case .mask(let mask): try applyMask(index, mask)
            }
        } catch {
            // An object without any memory could not be carried forward, and a click that was not answered may be given again.
            objects[index].clicks = clicks
            if known == nil { _ = remove(identifier) }
            throw error
        }
        return nil
    }

    /// A new object without memories; its index.
    func add(_ identifier: ObjectID) -> Int {
        let bank = MemoryBank(
            memoryFrames: model.recipe.memoryFrames, maximumPointers: model.recipe.maximumPointers,
            maximumConditioning: options.maximumConditioning)
        objects.append(
            TrackedObject(identifier: identifier, bank: bank, decoder: DecoderBuffers(model), staging: MemoryStaging(model)))
        return objects.count - 1
    }

    /// Forgets an object. Returns why it could not, or nil.
    package func remove(_ identifier: ObjectID) -> TrackingError? {
        guard let index = objects.firstIndex(where: { $0.identifier == identifier }) else {
            return TrackingError(.noSuchObject, "object_id \(identifier) is not tracked; the status verb lists those that are")
        }
        var object = objects.remove(at: index)
        memories.giveBack(object.bank.removeAll())
        return nil
    }

    /// Forgets all objects, and what was heard; the frame count goes on.
    package func reset() {
        for identifier in identifiers { _ = remove(identifier) }
        sound?.reset()
    }
}
