/// How sound chooses the mask where upstream leaves a choice.
package struct SoundOptions: Sendable, Equatable {
    /// `auralsam2`: time from one audio keyframe to the next.
    package var keyframeNanoseconds: Int64
    /// A keyframe becomes a conditioning memory where the decoder predicts a better IoU than this (and the object is there).
    package var iouThreshold: Float
    /// `online`: seconds of sound that the fuser reads; 0 for as many as the bundle says, which is also the most.
    package var history: Int
    /// Whether sparse prompts reach the decoder.
    package var usesSparse: Bool
    /// Whether dense prompts reach the decoder.
    package var usesDense: Bool

    /// Makes options; all prompts are used.
    package init(
        keyframeNanoseconds: Int64 = 1_000_000_000, iouThreshold: Float = 0.5, history: Int = 0, usesSparse: Bool = true, usesDense: Bool = true
    ) {
        self.keyframeNanoseconds = keyframeNanoseconds
        self.iouThreshold = iouThreshold
        self.history = history
        self.usesSparse = usesSparse
        self.usesDense = usesDense
    }

    var ablation: AudioFuser.Ablation { AudioFuser.Ablation(usesSparse: usesSparse, usesDense: usesDense) }
}
