import AuralCore
import AuralGraph

/// Everything that decides the shape of an AuralFuser. Like a network's recipe it comes from the checkpoint's shapes, so a smaller one of the
/// same plan has another recipe and nothing else. Source: upstream's architecture.yaml.
package struct FuserRecipe: Sendable, Codable, Equatable {
    /// The widths of the projection of words.
    package struct Text: Sendable, Codable, Equatable {
        /// Width of the text encoder's features, 768.
        package var features: Int
        /// Hidden width, 1024.
        package var hidden: Int

        /// Names both widths.
        package init(features: Int, hidden: Int) {
            self.features = features
            self.hidden = hidden
        }
    }

    /// The widths of matching attention, see `MatchingAttention`.
    package struct Matching: Sendable, Codable, Equatable {
        /// How many things can be matched at once.
        package var slots: Int
        /// Width of the vectors that are compared.
        package var size: Int

        /// Names both.
        package init(slots: Int, size: Int) {
            self.slots = slots
            self.size = size
        }
    }

    /// How the weights are used.
    package var variant: FuserVariant
    /// Words beside the sound (Ref-AVS), or nil for sound alone.
    package var text: Text?
    /// Width of all tokens, 256: twice VGGish's last width, as left and right stand beside each other.
    package var width: Int
    /// Channels of SAM 2's feature maps, which must be that network's `modelWidth`.
    package var inputWidth: Int
    /// Kernels, and strides, of the three patch convolutions: [4, 2, 1].
    package var patchKernels: [Int]
    /// Visual blocks of each level: [3, 6, 12].
    package var visualBlocks: [Int]
    /// Audio blocks of each level: [3, 3, 3].
    package var audioBlocks: [Int]
    /// Attention heads of all blocks, 4.
    package var heads: Int
    /// Hidden width of the visual blocks' MLP, 1024.
    package var visualHidden: Int
    /// Hidden width of the audio blocks' MLP, 1024.
    package var audioHidden: Int
    /// Kernel, and stride, of the convolution before keys and values of the visual blocks, 4; 0 where there is none.
    package var reduction: Int
    /// Width inside the fusion modules, 128.
    package var inner: Int
    /// The audio encoder.
    package var vggish: VGGishRecipe
    /// T: frames, and seconds of sound, at once. 10 with words, else 5; 1 for `online`.
    package var frames: Int
    /// W, for `online`: the seconds of sound that are remembered.
    package var history: Int
    /// Matching attention, which only `online` may have; nil for none.
    package var matching: Matching?

    /// Words beside the sound.
    package var hasText: Bool { text != nil }

    /// The released fuser of AVSBench, sound alone.
    package static let official = FuserRecipe(
        variant: .auralsam2, text: nil, width: 256, inputWidth: 256, patchKernels: [4, 2, 1], visualBlocks: [3, 6, 12], audioBlocks: [3, 3, 3],
        heads: 4, visualHidden: 1024, audioHidden: 1024, reduction: 4, inner: 128, vggish: .official, frames: 5, history: 8)

    /// The released fuser of Ref-AVS, sound and words.
    package static let officialWithText: FuserRecipe = {
        var recipe = official
        (recipe.text, recipe.frames) = (Text(features: 768, hidden: 1024), 10)
        return recipe
    }()

    /// Checks what the graphs take for granted; a recipe may come from a file.
    ///
    /// Throws a message that names the field.
    package func validate() throws(GraphError) {
        func require(_ condition: Bool, _ message: String) throws(GraphError) {
            if !condition { throw GraphError("fuser: \(message)") }
        }
        let widths = [
            ("width", width), ("inputWidth", inputWidth), ("visualHidden", visualHidden), ("audioHidden", audioHidden), ("inner", inner),
            ("text.features", text?.features ?? 1), ("text.hidden", text?.hidden ?? 1),
        ]
        for (field, width) in widths { try require((1...8192).contains(width), "\(field) is \(width), expected 1 to 8192") }
        try require(
            patchKernels.count == 3 && patchKernels.allSatisfy { (1...16).contains($0) } && patchKernels[0] == 4 * patchKernels[2]
                && patchKernels[1] == 2 * patchKernels[2],
            "patchKernels \(patchKernels) do not bring maps of stride 4, 8 and 16 to one grid, as [4, 2, 1] do")
        for (field, blocks) in [("visualBlocks", visualBlocks), ("audioBlocks", audioBlocks)] {
            try require(blocks.count == 3 && blocks.allSatisfy { (1...64).contains($0) }, "\(field) \(blocks) must be three numbers of 1 to 64")
        }
        try require((1...64).contains(heads) && width % heads == 0, "heads \(heads) must divide the width \(width)")
        try require((0...16).contains(reduction), "reduction is \(reduction), expected 0 to 16")
        try require(
            vggish.convolutions.count == 6 && vggish.embeddings.count == 3
                && (vggish.convolutions + vggish.embeddings).allSatisfy { (1...8192).contains($0) },
            "vggish needs six convolutions and three embeddings, 1 to 8192 wide each")
        try require(
            width == 2 * vggish.embeddings[2],
            "width \(width) must be twice VGGish's last width \(vggish.embeddings[2]): left and right beside each other")
        try require((1...64).contains(frames), "frames is \(frames), expected 1 to 64")
        try require((1...64).contains(history), "history is \(history), expected 1 to 64")
        try require(
            (1...64).contains(matching?.slots ?? 1) && (1...8192).contains(matching?.size ?? 1), "matching needs 1 to 64 slots of 1 to 8192 numbers")
        try require(variant == .online || matching == nil, "matching attention belongs to the online variant")
        try require(variant != .online || text == nil, "the online variant takes no words; use it as auralsam2")
        try require(variant != .online || frames == 1, "frames is \(frames), but the online variant takes one at a time")
    }
}
