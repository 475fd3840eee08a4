/// Everything that decides the shape of an AuralFuser with its VGGish. Source: upstream's `architecture.yaml`; widths come from a file's shapes.
package struct FuserRecipe: Sendable, Codable, Equatable {
    /// How frames and sound meet.
    package enum Variant: String, Sendable, Codable, CaseIterable {
        /// Upstream's code, quirks included: `frames` frames and their sound at once.
        case auralsam2
        /// The paper's equations, causal: one frame and the sound before it.
        case online
    }

    /// How frames and sound meet.
    package var variant: Variant
    /// Width of the fuser's tokens, 256.
    package var width: Int
    /// Width of the pyramid that it reads, SAM 2's model width.
    package var inputWidth: Int
    /// Side of the patches on the maps of stride 4, 8 and 16: [4, 2, 1].
    package var patches: [Int]
    /// Visual blocks on each level, [3, 6, 12].
    package var visualBlocks: [Int]
    /// Audio blocks on each level, [3, 3, 3].
    package var audioBlocks: [Int]
    /// Heads of all attention, 4.
    package var heads: Int
    /// Hidden width of the visual blocks' MLP, 1024.
    package var visualHidden: Int
    /// Hidden width of the audio blocks' MLP, 1024.
    package var audioHidden: Int
    /// By how much visual attention shrinks keys and values, 4; 0 for not at all and no layers for it.
    package var reduction: Int
    /// Width inside the fusion modules, 128.
    package var inner: Int
    /// VGGish's convolutions, [64, 128, 256, 256, 512, 512].
    package var vggishChannels: [Int]
    /// VGGish's Linear layers, [4096, 4096, 128].
    package var vggishEmbeddings: [Int]
    /// Hidden and input width of the text projection; nil without words.
    package var text: Text?
    /// Frames that go through the fuser at once: 5, with words 10; 1 for `online`.
    package var frames: Int
    /// `online`: the newest segment and so many older ones, less one.
    package var history: Int

    /// The text projection of Ref-AVS.
    package struct Text: Sendable, Codable, Equatable {
        /// Width of the text encoder's features, 768.
        package var features: Int
        /// Hidden width, 1024.
        package var hidden: Int
        /// Tokens of an expression, padding included.
        package var tokens: Int

        /// Plans a projection.
        package init(features: Int = 768, hidden: Int = 1024, tokens: Int = 25) {
            self.features = features
            self.hidden = hidden
            self.tokens = tokens
        }
    }

    /// Rows of the audio matrix [N, width] of a run; for `online` at most.
    package var audioTokens: Int { variant == .online ? history : frames + (text?.tokens ?? 0) }

    /// The plan of the released files.
    package static func official(text: Bool = false, variant: Variant = .auralsam2) -> FuserRecipe {
        FuserRecipe(
            variant: variant, width: 256, inputWidth: 256, patches: [4, 2, 1], visualBlocks: [3, 6, 12], audioBlocks: [3, 3, 3], heads: 4,
            visualHidden: 1024, audioHidden: 1024, reduction: 4, inner: 128, vggishChannels: [64, 128, 256, 256, 512, 512],
            vggishEmbeddings: [4096, 4096, 128], text: text ? Text() : nil, frames: variant == .online ? 1 : text ? 10 : 5, history: 8)
    }
}
