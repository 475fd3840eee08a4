/// How an online tracker behaves where upstream leaves a choice.
package struct TrackerOptions: Sendable, Equatable {
    /// Most conditioning memories kept for one object; on one more the oldest goes. Bounds the memory of an endless stream.
    package var maximumConditioning: Int
    /// Most objects at a time.
    package var maximumObjects: Int
    /// The number of frames of a clip, which enters the pointers' time code (they are divided by min(frames, 16) − 1); nil for a stream,
    /// which has no length and behaves as a long clip.
    package var clipLength: Int?
    /// True: a correction of a tracked frame becomes a conditioning memory (upstream's `add_all_frames_to_correct_as_cond`, off by default).
    package var conditionsOnCorrections: Bool
    /// For benchmarks, whose objects are anywhere: in a model that uses windows, an object that would be looked for in the whole picture is looked for in
    /// its middle.
    package var isAlwaysInWindow = false
    /// How sound chooses the mask, for models with a fuser.
    package var sound: SoundOptions

    /// Makes options; the defaults are upstream's, bounded.
    package init(
        maximumConditioning: Int = 4, maximumObjects: Int = 16, clipLength: Int? = nil, conditionsOnCorrections: Bool = false,
        sound: SoundOptions = SoundOptions()
    ) {
        self.sound = sound
        self.maximumConditioning = max(maximumConditioning, 1)
        self.maximumObjects = max(maximumObjects, 1)
        self.clipLength = clipLength
        self.conditionsOnCorrections = conditionsOnCorrections
    }
}
