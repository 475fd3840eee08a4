import AuralGraph

/// AuralFuser: from a frame's feature pyramid and the sound's features to dense and sparse prompts on three levels.
///
/// It is cut in three. The image encoder makes the patches (`patch_0…2`, see `ImageEncoder.Fuser`). `buildFrame` is what a frame needs once, on its own:
/// input `patch_0` [1, HW, d], output `frame_tokens` [1, HW, d], level 0 before its fusion. `build` is the rest, for T frames at once: inputs
/// `frame_tokens`, `patch_1`, `patch_2` [T, HW, d] and `audio` [N, d] (T rows of sound, then words), outputs `dense_0…2` [T, HW, d] and
/// `sparse_0…2` [N, d]. The `online` variant has T = 1, any number of `audio` rows up to its history, the newest first, and `ages` int64 [N]:
/// their age in seconds. Source: upstream's AuralFuser, paper equations 2 to 10.
package struct AuralFuser {
    /// What else to expose, for comparison with reference numbers.
    package enum Extra: Sendable {
        /// `visual_before_i`, `audio_before_i` (before fusion), `visual_update_i`, `audio_update_i`.
        case steps
    }

    let recipe: FuserRecipe
    let grid: Int
    let extras: Set<Extra>

    /// Plans the stages for square images of `imageSize` pixels.
    package init(_ recipe: FuserRecipe, imageSize: Int, extras: Set<Extra> = []) {
        self.recipe = recipe
        self.extras = extras
        grid = imageSize / 16
    }

    private var tokens: Dimension { .fixed(grid * grid) }
    private var width: Int { recipe.width }

    /// Adds what a frame needs once to `graph`. Throws where the weights do not fit the recipe.
    package func buildFrame(_ graph: GraphBuilder) throws {
        let patches = graph.input("patch_0", .float32, [1, tokens, .fixed(width)])
        graph.output(try visual(graph, patches, level: 0), "frame_tokens")
    }

    /// Adds the rest to `graph`. Throws where the weights do not fit the recipe.
    package func build(_ graph: GraphBuilder) throws {
        let frames = Dimension.fixed(recipe.frames)
        let shape = [frames, tokens, Dimension.fixed(width)]
        let inputs = [graph.input("frame_tokens", .float32, shape), graph.input("patch_1", .float32, shape), graph.input("patch_2", .float32, shape)]
        let rows = recipe.variant == .online ? Dimension.symbol("segments") : .fixed(recipe.audioTokens)
        var audio = graph.input("audio", .float32, [rows, .fixed(width)])
        let matched = try recipe.matching.map {
            // The newest second alone, before it gets its age.
            try MatchingAttention(recipe: recipe, plan: $0).residual(graph, patches: inputs[2], sound: graph.slice(audio, axis: 0, 0..<1))
        }
        let position = try audioPosition(graph, rows)
        var former: Value?
        for level in 0..<3 {
            var x = inputs[level]
            if let former {
                // A 1×1 convolution.
                let smooth = try LinearWeights(graph.weights, "smooth_convs.\(level - 1)", width, width, trailing: 2)
                x = try visual(graph, graph.linear(graph.add(x, former), smooth), level: level)
            }
            audio = graph.unsqueeze(graph.add(audio, position), [0])
            let blocks = FuserBlocks(recipe: recipe, graph: graph, grid: grid)
            for block in 0..<recipe.audioBlocks[level] { audio = try blocks.audio(audio, "a_blocks.\(level).\(block)") }
            audio = graph.add(graph.reshape(audio, [rows, .fixed(width)]), position)
            let fused = try FusionModule(recipe, graph, key: "fusion_modules.\(level)").fuse(visual: x, audio: audio)
            if extras.contains(.steps) {
                graph.output(x, "visual_before_\(level)")
                graph.output(audio, "audio_before_\(level)")
                graph.output(fused.visualUpdate, "visual_update_\(level)")
                graph.output(fused.audioUpdate, "audio_update_\(level)")
            }
            let dense = matched.map { graph.add(fused.visual, $0) } ?? fused.visual
            graph.output(dense, "dense_\(level)")
            graph.output(fused.audio, "sparse_\(level)")
            (former, audio) = (dense, fused.audio)
        }
    }

    /// The visual blocks of a level, with the sine code added before and after them.
    private func visual(_ graph: GraphBuilder, _ tokens: Value, level: Int) throws -> Value {
        let code = try graph.constant(PositionalEncodings.sine(side: grid, width: width), [1, grid * grid, width], "grid_position")
        let blocks = FuserBlocks(recipe: recipe, graph: graph, grid: grid)
        var x = graph.add(tokens, code)
        for block in 0..<recipe.visualBlocks[level] { x = try blocks.visual(x, "f_blocks.\(level).\(block)") }
        return graph.add(x, code)
    }

    /// What is added to every audio token: upstream asks for a sine code of length 1, so all get that of position 0, [0, 1, 0, 1, …]; `online` gives
    /// each segment that of its age in seconds.
    private func audioPosition(_ graph: GraphBuilder, _ rows: Dimension) throws -> Value {
        guard recipe.variant == .online else {
            return try graph.constant((0..<width).map { Float($0 % 2) }, [1, width], "audio_position")
        }
        let table = (0..<recipe.history).flatMap { PositionalEncodings.age($0, width: width) }
        let ages = graph.input("ages", .int64, [rows])
        return graph.gather(try graph.constant(table, [recipe.history, width], "age_codes"), ages)
    }
}
