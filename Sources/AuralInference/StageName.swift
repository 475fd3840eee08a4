/// The stages of a SAM 2 model bundle; raw values are file names without `.onnx`.
package enum StageName: String, Sendable, CaseIterable, Codable {
    /// Picture to feature maps (`ImageEncoder`).
    case imageEncoder = "image_encoder"
    /// Feature map and memory bank to conditioned feature map (`MemoryAttention`).
    case memoryAttention = "memory_attention"
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
}
