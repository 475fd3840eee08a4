extension Configuration {
    /// How sound takes part in choosing the mask.
    package struct Fuser: Sendable, Equatable {
        /// Whether the mask decoder gets the fuser's tokens of the sound.
        package var isSparse = true
        /// Whether the mask decoder gets the fuser's picture features.
        package var isDense = true
        /// Milliseconds from one audio keyframe to the next, for fusers that look at several frames at once.
        package var keyframeMilliseconds = 1000
        /// The predicted intersection over union above which a keyframe becomes a conditioning memory.
        package var iouThreshold = 0.5
        /// Seconds of sound that a causal fuser remembers; 0 is what the bundle says.
        package var history = 0
    }
}
