import AuralGraph

/// The image encoder: Hiera trunk and FPN neck, from bytes to the three feature maps that the decoder and the memory need.
///
/// Input `image` uint8 [1, S, S, 3]. Outputs `image_embedding` [1, HW, d] (stride 16, tokens in row-major order), `high_res_1` [1, HW, 4, d/4] and
/// `high_res_0` [1, HW, 16, d/8]: the stride 8 and 4 maps after the decoder's conv_s1 and conv_s0, with the finer pixels of each stride 16
/// cell in one row, which is the order in which the decoder's upscaling produces them (see `MaskDecoder`). HW = (S/16)².
/// Source: upstream `image_encoder.py`, `hieradet.py`, `SAM2Base.forward_image`.
package struct ImageEncoder {
    /// What else to expose, for comparison with reference numbers and for fusers that read the raw pyramid.
    package enum Extra: Sendable {
        /// Output `patch_embed`, `tokens_with_pos` and `block0` … as [1, H, W, C].
        case blocks
        /// Output `pyramid_0` … `pyramid_2`, the neck's maps before conv_s0 and conv_s1, as [1, H, W, d].
        case pyramid
    }

    /// A fuser that reads the pyramid: the encoder then has the outputs `patch_0`, `patch_1` and `patch_2` [1, HW, d], the fuser's patch
    /// embeddings of the maps of stride 4, 8 and 16 *before* conv_s0 and conv_s1. Made here, as a patch embedding and the neck's 1×1
    /// convolution before it are one layer, and the large maps need not exist.
    package struct Fuser {
        let recipe: FuserRecipe
        let weights: any WeightSource

        /// Names a fuser's plan and weights.
        package init(_ recipe: FuserRecipe, weights: any WeightSource) {
            self.recipe = recipe
            self.weights = weights
        }
    }

    let recipe: NetworkRecipe
    let imageSize: Int
    let extras: Set<Extra>
    let fuser: Fuser?

    /// Plans the encoder for square images of `imageSize` pixels, a multiple of 32.
    package init(_ recipe: NetworkRecipe, imageSize: Int, extras: Set<Extra> = [], fuser: Fuser? = nil) {
        self.recipe = recipe
        self.imageSize = imageSize
        self.extras = extras
        self.fuser = fuser
    }

    /// Adds the whole stage to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let image = graph.input("image", .uint8, [1, .fixed(imageSize), .fixed(imageSize), 3])
        let stages = try trunk(graph, image)
        try neck(graph, stages)
    }

    private func neck(_ graph: GraphBuilder, _ stages: [TokenMap]) throws {
        let width = recipe.modelWidth
        let grid = imageSize / 16
        var laterals: [LinearWeights] = []
        for level in stages.indices {
            // convs.0 belongs to the coarsest level.
            let key = "image_encoder.neck.convs.\(stages.count - 1 - level).conv"
            laterals.append(try LinearWeights(graph.weights, key, recipe.trunk.width(stage: level), width, trailing: 2))
        }
        var maps: [Int: Value] = [:]
        let raw = extras.contains(.pyramid)
        let needed = Set(recipe.topDownLevels + recipe.topDownLevels.map { $0 + 1 })
        for level in stages.indices.reversed() where level >= 2 || raw || needed.contains(level) {
            var map = try lateral(graph, stages[level], laterals[level])
            if recipe.topDownLevels.contains(level), let above = maps[level + 1] {
                map = addNearestUpsampled(graph, map, above)
            }
            maps[level] = map
        }
        guard let embedding = maps[2] else { return }
        graph.output(graph.reshape(embedding, [1, .fixed(grid * grid), .fixed(width)]), "image_embedding")
        if raw {
            for level in 0...2 {
                if let map = maps[level] { graph.output(map, "pyramid_\(level)") }
            }
        }
        for level in 0..<3 { try fuserPatches(graph, level, map: maps[level], stage: stages[level], lateral: laterals[level]) }

        // Nothing stands between the neck's 1×1 convolution and the decoder's (conv_s0, conv_s1) on levels without top-down path: one layer.
        func projected(_ level: Int, _ key: String, _ outputWidth: Int) throws -> Value {
            let projection = try LinearWeights(graph.weights, "sam_mask_decoder.\(key)", width, outputWidth, trailing: 2)
            if let map = maps[level] { return try graph.linear(map, projection) }
            return try lateral(graph, stages[level], laterals[level].followed(by: projection))
        }
        let cells = Dimension.fixed(grid)
        let middle = try projected(1, "conv_s1", width / 4)
        let middleCells = graph.transpose(graph.reshape(middle, [cells, 2, cells, 2, .fixed(width / 4)]), [0, 2, 1, 3, 4])
        graph.output(graph.reshape(middleCells, [1, .fixed(grid * grid), 4, .fixed(width / 4)]), "high_res_1")
        let fine = try projected(0, "conv_s0", width / 8)
        // Rows gy y1 y0, columns gx x1 (x0 channel) to cells gy gx, then y1 x1, then y0 (x0 channel).
        let fineCells = graph.transpose(graph.reshape(fine, [cells, 2, 2, cells, 2, .fixed(width / 4)]), [0, 3, 1, 4, 2, 5])
        graph.output(graph.reshape(fineCells, [1, .fixed(grid * grid), 16, .fixed(width / 8)]), "high_res_0")
    }

    /// A 1×1 convolution of a stage's map, row by row: [1, H, W, out].
    private func lateral(_ graph: GraphBuilder, _ stage: TokenMap, _ layer: LinearWeights) throws -> Value {
        // The narrower one of both is turned around.
        if layer.matrix.rows > layer.matrix.columns { return try graph.linear(stage.arranged(graph, window: nil).value, layer) }
        return stage.with(try graph.linear(stage.value, layer)).arranged(graph, window: nil).value
    }

    /// `map` [1, H, W, d] plus `above` [1, H/2, W/2, d] with every cell repeated 2×2, through broadcasting.
    private func addNearestUpsampled(_ graph: GraphBuilder, _ map: Value, _ above: Value) -> Value {
        let rows = above.size(1)
        let columns = above.size(2)
        let width = Dimension.fixed(map.size(3))
        let blocks = graph.reshape(map, [.fixed(rows), 2, .fixed(columns), 2, width])
        let sum = graph.add(blocks, graph.reshape(above, [.fixed(rows), 1, .fixed(columns), 1, width]))
        return graph.reshape(sum, map.shape)
    }

    /// The fuser's patch embedding of a level: of the neck's map where it is there, else of the trunk's.
    private func fuserPatches(_ graph: GraphBuilder, _ level: Int, map: Value?, stage: TokenMap, lateral: LinearWeights) throws {
        guard let fuser else { return }
        let side = fuser.recipe.patchKernels[level]
        let layer = try LinearWeights(
            patches: fuser.weights, "patch_embeds.\(level)", side: side, inputWidth: recipe.modelWidth, outputWidth: fuser.recipe.width)
        let (source, folded) = map.map { ($0, layer) } ?? (stage.arranged(graph, window: nil).value, layer.over(lateral))
        let cells = Dimension.fixed(imageSize / 16)
        let blocks = graph.reshape(source, [cells, .fixed(side), cells, .fixed(side), .fixed(source.size(3))])
        let tokens = Dimension.fixed(imageSize / 16 * (imageSize / 16))
        let patches = graph.reshape(graph.transpose(blocks, [0, 2, 1, 3, 4]), [1, tokens, .fixed(side * side * source.size(3))])
        graph.output(try graph.linear(patches, folded), "patch_\(level)")
    }
}
