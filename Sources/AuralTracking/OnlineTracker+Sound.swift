import AuralCore
import AuralHearing
import AuralInference
import AuralNetworks

extension OnlineTracker {
    /// Whether the model has a fuser, and wants sound.
    package var hears: Bool { sound != nil }

    /// Audio keyframes so far.
    package var audioKeyframes: UInt64 { sound?.keyframes ?? 0 }

    /// Whether something sounds on the present frame.
    package var isSounding: Bool { objects.contains { $0.identifier == .sounding } }

    /// Whether the model's fuser takes words.
    package var takesExpression: Bool { sound?.recipe.text != nil }

    /// Sets the words for the frames to come, as the fuser's rows [tokens, d]. Other words mean another thing: what was followed until now is
    /// forgotten, and the next frame with sound is a keyframe.
    package func setWords(_ rows: [Float]) {
        guard let sound, sound.words != rows else { return }
        sound.setWords(rows)
        if isSounding { _ = remove(.sounding) }
        sound.reset()
    }

    /// The sounding object of the present frame: decoded with the sound's prompts on an audio keyframe, else left to be carried forward by its
    /// memory. It begins with the sound and is forgotten with it: what sounds next may be something else.
    func follow(_ segment: AudioSegment?) throws(EngineError) {
        guard let sound else { return }
        guard let segment, segment.isSounding else {
            if isSounding { _ = remove(.sounding) }
            sound.reset()
            return
        }
        try sound.hear(segment)
        guard let audio = sound.present else { return }
        let known = objects.firstIndex { $0.identifier == .sounding }
        let index = known ?? add(.sounding)
        objects[index].startsHere = false
        do throws(EngineError) {
            try decodeSounding(index, audio, isExact: sound.recipe.variant == .auralsam2)
        } catch {
            // An object without any memory could not be carried forward.
            if known == nil { _ = remove(.sounding) }
            throw error
        }
    }

    /// Decodes the sounding object with audio prompts alone. `isExact`: as upstream's AuralSAM2 does, the mask is not emptied where the object is
    /// said to be absent, and is binarised for the memory.
    private func decodeSounding(_ index: Int, _ audio: AudioPrompts, isExact: Bool) throws(EngineError) {
        let decoder = objects[index].decoder
        try attendToMemory(index)
        try decode(decoder, decoder.conditioned, sparse: nil, dense: model.noMask, audio: audio)
        conclude(index, isMultimask: true, isPrompted: false, gatesMask: !isExact)
        let isSure = objects[index].result.map { $0.objectScore > 0 && $0.iou > options.sound.iouThreshold } ?? false
        try remember(index, isPrompted: isExact, isConditioning: isSure && isConditioningTime(index), isPinned: false)
    }

    /// `online` has a keyframe on every frame; a conditioning memory says more when it is not a neighbour of
    /// those that the bank of recent frames holds anyway.
    private func isConditioningTime(_ index: Int) -> Bool {
        guard sound?.recipe.variant == .online, let last = objects[index].bank.conditioning.last(where: { !$0.isPinned }) else { return true }
        return frame - last.frame >= model.recipe.memoryFrames
    }
}
