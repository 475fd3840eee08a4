import AuralCore
import AuralGraph
import AuralNetworks

extension StageName {
    /// Where the stage's own weights come from.
    func weights(_ parts: ModelParts) throws(BundleError) -> any WeightSource {
        switch self {
        case .vggish, .fuserFrame, .fuser, .textProjection: try parts.requireFuser(self).weights
        case .textEncoder: try parts.requireText(self).weights
        default: parts.weights
        }
    }

    /// Adds the stage's network to a graph. Throws where the weights do not fit the plans, or where a part is missing that the stage is made of.
    package func build(_ graph: GraphBuilder, _ parts: ModelParts) throws {
        let (recipe, imageSize) = (parts.recipe, parts.imageSize)
        let windowSize = 16 * GridWindow.side(grid: imageSize / 16)
        switch self {
        case .imageEncoder:
            let fuser = parts.fuser.map { ImageEncoder.Fuser($0.recipe, weights: $0.weights) }
            try ImageEncoder(recipe, imageSize: imageSize, fuser: fuser).build(graph)
        case .firstSelfAttention: try MemoryAttention(recipe, imageSize: imageSize).buildFirstSelfAttention(graph)
        case .memoryAttention: try MemoryAttention(recipe, imageSize: imageSize).build(graph)
        case .memoryAttentionPooled: try MemoryAttention(recipe, imageSize: imageSize, poolsOldMemories: true).build(graph)
        case .windowMemoryAttention: try MemoryAttention(recipe, imageSize: windowSize, extras: [.window]).build(graph)
        case .windowMemoryAttentionPooled:
            try MemoryAttention(recipe, imageSize: windowSize, poolsOldMemories: true, extras: [.window]).build(graph)
        case .windowMaskDecoder: try MaskDecoder(recipe, imageSize: imageSize, isWindow: true).build(graph)
        case .windowMemoryEncoder: try MemoryEncoder(recipe, imageSize: windowSize).build(graph)
        case .promptEncoder: try PromptEncoder(recipe, imageSize: imageSize).build(graph)
        case .maskPromptEncoder: try MaskPromptEncoder(recipe, imageSize: imageSize, from: .logits).build(graph)
        case .maskInputEncoder: try MaskPromptEncoder(recipe, imageSize: imageSize, from: .mask).build(graph)
        case .maskDecoder: try MaskDecoder(recipe, imageSize: imageSize).build(graph)
        case .memoryEncoder: try MemoryEncoder(recipe, imageSize: imageSize).build(graph)
        case .vggish: try VGGish(parts.requireFuser(self).recipe).build(graph)
        case .fuserFrame: try AuralFuser(parts.requireFuser(self).recipe, imageSize: imageSize).buildFrame(graph)
        case .fuser: try AuralFuser(parts.requireFuser(self).recipe, imageSize: imageSize).build(graph)
        case .audioMaskDecoder: try MaskDecoder(recipe, imageSize: imageSize, prompts: .audio).build(graph)
        case .audioPromptMaskDecoder: try MaskDecoder(recipe, imageSize: imageSize, prompts: .both).build(graph)
        case .textEncoder: try TextEncoder(parts.requireText(self).recipe).build(graph)
        case .textProjection: try TextProjection(parts.requireFuser(self).recipe, length: FuserRecipe.textTokens).build(graph)
        }
    }
}
