import AuralGraph
import AuralNetworks

extension StageName {
    /// Adds the stage's network to a graph. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder, _ recipe: NetworkRecipe, imageSize: Int) throws {
        switch self {
        case .imageEncoder: try ImageEncoder(recipe, imageSize: imageSize).build(graph)
        case .memoryAttention: try MemoryAttention(recipe, imageSize: imageSize).build(graph)
        case .promptEncoder: try PromptEncoder(recipe, imageSize: imageSize).build(graph)
        case .maskPromptEncoder: try MaskPromptEncoder(recipe, imageSize: imageSize, from: .logits).build(graph)
        case .maskInputEncoder: try MaskPromptEncoder(recipe, imageSize: imageSize, from: .mask).build(graph)
        case .maskDecoder: try MaskDecoder(recipe, imageSize: imageSize).build(graph)
        case .memoryEncoder: try MemoryEncoder(recipe, imageSize: imageSize).build(graph)
        }
    }
}
