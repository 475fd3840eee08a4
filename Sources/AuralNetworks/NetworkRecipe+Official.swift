extension NetworkRecipe {
    /// The official trunks: what their shapes do not tell. Source: upstream's sam2_hiera_{t,s,b+,l}.yaml.
    static let officialTrunks: [(name: String, trunk: HieraRecipe)] = [
        ("tiny", HieraRecipe(embedDim: 96, heads: 1, stages: [1, 2, 7, 2], windows: [8, 4, 14, 7], globalBlocks: [5, 7, 9], positionGrid: 7)),
        ("small", HieraRecipe(embedDim: 96, heads: 1, stages: [1, 2, 11, 2], windows: [8, 4, 14, 7], globalBlocks: [7, 10, 13], positionGrid: 7)),
        (
            "base_plus",
            HieraRecipe(embedDim: 112, heads: 2, stages: [2, 3, 16, 3], windows: [8, 4, 14, 7], globalBlocks: [12, 16, 20], positionGrid: 14)
        ),
        (
            "large",
            HieraRecipe(embedDim: 144, heads: 2, stages: [2, 6, 36, 4], windows: [8, 4, 16, 8], globalBlocks: [23, 33, 43], positionGrid: 7)
        ),
    ]

    /// The eight official networks: `sam2_hiera_tiny` … `sam2.1_hiera_large`.
    package static let official: [NetworkRecipe] = ["sam2", "sam2.1"].flatMap { generation in
        officialTrunks.map { size in
            NetworkRecipe(
                name: "\(generation)_hiera_\(size.name)", trunk: size.trunk, topDownLevels: [2, 3], modelWidth: 256, memoryWidth: 64,
                memoryFrames: 7, maximumPointers: 16, memoryAttentionLayers: 4, memoryAttentionHidden: 2048, memoryFuserLayers: 2,
                decoderLayers: 2, decoderHeads: 8, decoderHidden: 2048, iouHidden: 256, maskPromptWidth: 16,
                hasSpatialNoObjectEmbedding: generation == "sam2.1", encodesPointerTime: generation == "sam2.1")
        }
    }

    /// The official network of this name, if there is one.
    package static func official(named name: String) -> NetworkRecipe? {
        official.first { $0.name == name }
    }
}
