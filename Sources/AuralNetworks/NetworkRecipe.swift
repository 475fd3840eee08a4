import AuralCore
import AuralGraph

/// Everything that decides the shape of a SAM 2 network: widths, depths and the options that differ between 2.0 and 2.1.
///
/// Nothing is a constant of the code: a far smaller network of the same plan has another recipe and nothing else. Source: upstream's yaml files.
package struct NetworkRecipe: Sendable, Codable, Equatable {
    /// A name for people: `sam2.1_hiera_tiny`, or the one that a recipe file gives.
    package var name: String
    /// The image encoder's trunk.
    package var trunk: HieraRecipe
    /// Levels (0 is stride 4) to which the neck adds the level above, upstream's `fpn_top_down_levels`.
    package var topDownLevels: [Int]
    /// Width of the neck, memory attention and decoder, upstream's `d_model`.
    package var modelWidth: Int
    /// Width of a memory token, 64 in the official networks.
    package var memoryWidth: Int
    /// Frames in the memory bank, the conditioning one included (`num_maskmem`).
    package var memoryFrames: Int
    /// Most object pointers in memory attention (`max_obj_ptrs_in_encoder`).
    package var maximumPointers: Int
    /// Layers of memory attention.
    package var memoryAttentionLayers: Int
    /// Hidden width of memory attention's feed-forward layers.
    package var memoryAttentionHidden: Int
    /// ConvNeXt blocks of the memory encoder's fuser.
    package var memoryFuserLayers: Int
    /// Layers of the two-way decoder.
    package var decoderLayers: Int
    /// Heads of the two-way decoder's attention.
    package var decoderHeads: Int
    /// Hidden width of the two-way decoder's MLP.
    package var decoderHidden: Int
    /// Hidden width of the IoU head.
    package var iouHidden: Int
    /// Hidden channels of the mask prompt's convolutions (16).
    package var maskPromptWidth: Int
    /// SAM 2.1: an embedding is added to the memory of a frame on which the object is absent.
    package var hasSpatialNoObjectEmbedding: Bool
    /// SAM 2.1: object pointers get a projected code of their (signed) distance in time. SAM 2.0: none.
    package var encodesPointerTime: Bool

    /// Width inside the decoder's cross attention (`attention_downsample_rate` 2).
    package var decoderInnerWidth: Int { modelWidth / 2 }
    /// Tokens of width `memoryWidth` into which an object pointer is cut.
    package var tokensPerPointer: Int { modelWidth / memoryWidth }

    /// Checks what the graphs take for granted; a recipe may come from a file.
    ///
    /// Throws a message that names the field.
    package func validate() throws(GraphError) {
        func require(_ condition: Bool, _ message: String) throws(GraphError) {
            if !condition { throw GraphError("recipe \(name): \(message)") }
        }
        let widths = [
            ("trunk.embedDim", trunk.embedDim), ("modelWidth", modelWidth), ("memoryWidth", memoryWidth), ("decoderHidden", decoderHidden),
            ("memoryAttentionHidden", memoryAttentionHidden), ("iouHidden", iouHidden), ("maskPromptWidth", maskPromptWidth),
        ]
        for (field, width) in widths { try require((1...8192).contains(width), "\(field) is \(width), expected 1 to 8192") }
        try require(trunk.stages.count == 4 && trunk.windows.count == 4, "trunk.stages and trunk.windows need four numbers each")
        try require(trunk.stages.allSatisfy { (1...128).contains($0) }, "trunk.stages \(trunk.stages) must be 1 to 128 each")
        try require(trunk.windows.allSatisfy { (2...64).contains($0) }, "trunk.windows \(trunk.windows) must be 2 to 64 each")
        try require(
            trunk.windows.dropLast().allSatisfy { $0 % 2 == 0 }, "trunk.windows \(trunk.windows): all but the last are pooled and must be even")
        try require(
            (1...64).contains(trunk.heads) && trunk.embedDim % trunk.heads == 0,
            "trunk.heads \(trunk.heads) must divide trunk.embedDim \(trunk.embedDim)")
        try require((1...64).contains(trunk.positionGrid), "trunk.positionGrid is \(trunk.positionGrid), expected 1 to 64")
        try require(
            modelWidth % 8 == 0 && modelWidth % memoryWidth == 0,
            "modelWidth \(modelWidth) must be a multiple of 8 and of memoryWidth \(memoryWidth)"
        )
        try require(
            (1...64).contains(decoderHeads) && decoderInnerWidth % decoderHeads == 0, "decoderHeads \(decoderHeads) must divide modelWidth / 2")
        try require(memoryWidth % 4 == 0, "memoryWidth \(memoryWidth) must be a multiple of 4, for the sines and cosines of two axes")
        try require((1...16).contains(memoryFrames) && (1...64).contains(maximumPointers), "memoryFrames or maximumPointers out of range")
        try require(
            (1...16).contains(memoryAttentionLayers) && (1...16).contains(decoderLayers), "memoryAttentionLayers or decoderLayers out of range")
        try require((0...16).contains(memoryFuserLayers), "memoryFuserLayers is \(memoryFuserLayers), expected 0 to 16")
        try require(maskPromptWidth % 4 == 0, "maskPromptWidth \(maskPromptWidth) must be a multiple of 4")
        try require(topDownLevels.allSatisfy { (0...3).contains($0) }, "topDownLevels \(topDownLevels) must be 0 to 3")
    }
}
