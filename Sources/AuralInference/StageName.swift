import AuralNetworks

/// The stages of a model bundle; raw values are file names without `.onnx`.
package enum StageName: String, Sendable, CaseIterable, Codable {
    /// Picture to feature maps (`ImageEncoder`).
    case imageEncoder = "image_encoder"
    /// Feature map to itself: the part of memory attention that is the same for all objects (`MemoryAttention.buildFirstSelfAttention`).
    case firstSelfAttention = "first_self_attention"
    /// The rest, with an object's memory bank, to its conditioned feature map (`MemoryAttention`).
    case memoryAttention = "memory_attention"
    /// The same with most memories pooled (`PooledMemories`); loaded only where that is asked for.
    case memoryAttentionPooled = "memory_attention_pooled"
    /// Memory attention in a part of the grid (`GridWindow`); the next three as well are loaded only where that is asked for.
    case windowMemoryAttention = "window_memory_attention"
    /// The same with most memories pooled.
    case windowMemoryAttentionPooled = "window_memory_attention_pooled"
    /// The mask decoder in a part of the grid.
    case windowMaskDecoder = "window_mask_decoder"
    /// The memory encoder in a part of the grid.
    case windowMemoryEncoder = "window_memory_encoder"
    /// Points and boxes to sparse prompt tokens (`PromptEncoder`).
    case promptEncoder = "prompt_encoder"
    /// Former mask logits to a dense prompt (`MaskPromptEncoder`).
    case maskPromptEncoder = "mask_prompt_encoder"
    /// A given mask to a dense prompt (`MaskPromptEncoder`).
    case maskInputEncoder = "mask_input_encoder"
    /// Conditioned feature map and prompts to masks (`MaskDecoder`).
    case maskDecoder = "mask_decoder"
    /// Feature map and mask to a spatial memory (`MemoryEncoder`).
    case memoryEncoder = "memory_encoder"
    /// A second of log-mel to audio features (`VGGish`).
    case vggish
    /// A frame's patches to the fuser's level 0 (`AuralFuser.buildFrame`).
    case fuserFrame = "fuser_frame"
    /// Frames and sound to audio prompts (`AuralFuser.build`).
    case fuser
    /// The mask decoder with audio prompts alone.
    case audioMaskDecoder = "audio_mask_decoder"
    /// The mask decoder with audio prompts and SAM 2's.
    case audioPromptMaskDecoder = "audio_prompt_mask_decoder"
    /// Tokens of an expression to text features (`TextEncoder`).
    case textEncoder = "text_encoder"
    /// Text features to rows of the fuser's audio (`TextProjection`).
    case textProjection = "text_projection"

    /// Whether it reads old memories pooled.
    package var poolsMemories: Bool { self == .memoryAttentionPooled || self == .windowMemoryAttentionPooled }

    /// Whether it computes a part of the grid.
    package var isOfWindow: Bool { [.windowMemoryAttention, .windowMemoryAttentionPooled, .windowMaskDecoder, .windowMemoryEncoder].contains(self) }

    /// The stages of every bundle.
    package static let sam2: [StageName] = [
        .imageEncoder, .firstSelfAttention, .memoryAttention, .memoryAttentionPooled, .promptEncoder, .maskPromptEncoder, .maskInputEncoder,
        .maskDecoder, .memoryEncoder, .windowMemoryAttention, .windowMemoryAttentionPooled, .windowMaskDecoder,
        .windowMemoryEncoder,
    ]

    /// The stages of a bundle with or without a fuser and a text encoder, in the order in which they are built and loaded.
    package static func stages(fuser: FuserRecipe?, hasTextEncoder: Bool = false) -> [StageName] {
        guard let fuser else { return sam2 }
        return sam2 + [.vggish, .fuserFrame, .fuser, .audioMaskDecoder, .audioPromptMaskDecoder]
            + (!fuser.hasText ? [] : hasTextEncoder ? [.textEncoder, .textProjection] : [.textProjection])
    }
}
