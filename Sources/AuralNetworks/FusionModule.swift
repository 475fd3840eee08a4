import AuralGraph

/// Where frames and sound meet: AuralFuser's adapted TPAVI. Source: upstream's fusion module; the paper's equation 10 for `online`.
struct FusionModule {
    /// What a fusion makes.
    struct Result {
        /// Dense prompts [frames, HW, d].
        var visual: Value
        /// Sparse prompts [N, d].
        var audio: Value
        /// The updates before residual and norm: [frames, HW, d] and [N, d].
        var visualUpdate: Value
        var audioUpdate: Value
    }

    /// Plan, for widths.
    let recipe: FuserRecipe
    let graph: GraphBuilder
    /// `fusion_modules.0` for one.
    let key: String
    /// Width of the audio tokens that come in, the fuser's own but for tests.
    var audioWidth: Int

    private var width: Int { recipe.width }
    private var inner: Int { recipe.inner }

    init(_ recipe: FuserRecipe, _ graph: GraphBuilder, key: String, audioWidth: Int? = nil) {
        self.recipe = recipe
        self.graph = graph
        self.key = key
        self.audioWidth = audioWidth ?? recipe.width
    }

    /// Fuses frames `visual` [frames, HW, d] with sound `audio` [N, d].
    func fuse(visual: Value, audio: Value) throws -> Result {
        // The aligned tokens, not the ones that came in, are the audio residual.
        let aligned = try graph.linear(audio, layer("align_channel", audioWidth, width, 1))
        let (first, second) = recipe.variant == .online ? try attend(visual, aligned) : try reinterpret(visual, aligned)
        let visualUpdate = try graph.linear(first, normalised("W_z", trailing: 3))
        let audioUpdate = try graph.linear(second, normalised("W_z2", trailing: 1))
        return Result(
            visual: try graph.layerNorm(graph.add(visual, visualUpdate), "\(key).norm_layer", epsilon: 1e-5),
            audio: try graph.layerNorm(graph.add(aligned, audioUpdate), "\(key).norm_layer2", epsilon: 1e-5),
            visualUpdate: visualUpdate, audioUpdate: audioUpdate)
    }

    /// The paper's equation: softmax(q·kᵀ/√d)·v, pixel by pixel, both ways. One frame.
    private func attend(_ visual: Value, _ aligned: Value) throws -> (visual: Value, audio: Value) {
        let scale = 1 / Float(inner).squareRoot()
        func attention(_ q: Value, _ k: Value, _ v: Value, _ swap: [Int]) -> Value {
            graph.matmul(graph.softmax(graph.matmul(q, graph.transpose(k, swap))), v)
        }
        let pixels = try ["q", "k", "v"].map { try layer("\($0)_frame", width, inner, 3).scaled(by: $0 == "q" ? scale : 1) }
            .map { try graph.linear(visual, $0) }
        let sounds = try ["q", "k", "v"].map { try layer("\($0)_audio", width, inner, 1).scaled(by: $0 == "q" ? scale : 1) }
            .map { try graph.linear(aligned, $0) }
        let seen = attention(graph.unsqueeze(sounds[0], [0]), pixels[1], pixels[2], [0, 2, 1])
        return (attention(pixels[0], sounds[1], sounds[2], [1, 0]), graph.reshape(seen, [aligned.shape[0], .fixed(inner)]))
    }

    /// Upstream's way: no softmax, both products divided by the number of visual rows R = frames·HW, and maps [I, HW] that are read in memory order
    /// as rows of I numbers without the channel being moved last. So a "token" is a strip of one channel, and the channels of each frame's
    /// update come from all frames. Trained weights expect exactly this.
    private func reinterpret(_ visual: Value, _ aligned: Value) throws -> (visual: Value, audio: Value) {
        let (frames, cells) = (visual.size(0), visual.size(1))
        let tokens = aligned.size(0)
        let rows = frames * cells
        let planes = graph.transpose(visual, [0, 2, 1])
        func strips(_ name: String) throws -> Value {
            let layer = try layer(name, width, inner, 3)
            let matrix = try graph.constant(layer.matrix.values, [inner, width], layer.name)
            let bias = try graph.constant(layer.bias ?? [], [inner, 1], "\(layer.name).bias")
            // [frames, I, HW], then the same memory as rows of I.
            return graph.reshape(graph.add(graph.matmul(matrix, planes), bias), [.fixed(rows), .fixed(inner)])
        }
        let share = 1 / Float(rows)
        let (qa, ka) = (try graph.linear(aligned, layer("q_audio", width, inner, 1)), try graph.linear(aligned, layer("k_audio", width, inner, 1)))
        let va = try graph.linear(aligned, layer("v_audio", width, inner, 1).scaled(by: share))
        // O = Q'·(kaᵀ·va/R); read transposed, as frames of I channels.
        let mixed = graph.matmul(try strips("q_frame"), graph.matmul(graph.transpose(ka, [1, 0]), va))
        let maps = graph.reshape(graph.transpose(mixed, [1, 0]), [.fixed(frames), .fixed(inner), .fixed(cells)])
        // A = qa·(K'ᵀ·V'/R); read transposed, as N rows of I. Divided first: the sum over all rows may leave float16's range.
        let values = try graph.multiply(try strips("v_frame"), by: share)
        let heard = graph.matmul(qa, graph.matmul(graph.transpose(try strips("k_frame"), [1, 0]), values))
        let shuffled = graph.reshape(graph.transpose(heard, [1, 0]), [.fixed(tokens), .fixed(inner)])
        return (graph.transpose(maps, [0, 2, 1]), shuffled)
    }

    private func layer(_ name: String, _ inputs: Int, _ outputs: Int, _ trailing: Int) throws -> LinearWeights {
        try LinearWeights(graph.weights, "\(key).\(name)", inputs, outputs, trailing: trailing)
    }

    /// A 1×1 convolution with the BatchNorm after it folded in: running statistics, epsilon 1e-5 (which counts: variances may be as small).
    private func normalised(_ name: String, trailing: Int) throws -> LinearWeights {
        var folded = try layer("\(name).0", inner, width, trailing)
        var bias = folded.bias ?? [Float](repeating: 0, count: width)
        let (scale, shift) = (
            try graph.weights.floats("\(key).\(name).1.weight", shape: [width]), try graph.weights.floats("\(key).\(name).1.bias", shape: [width])
        )
        let mean = try graph.weights.floats("\(key).\(name).1.running_mean", shape: [width])
        let variance = try graph.weights.floats("\(key).\(name).1.running_var", shape: [width])
        for row in 0..<width {
            let gain = Double(scale[row]) / (Double(variance[row]) + 1e-5).squareRoot()
            for column in 0..<inner {
                folded.matrix.values[row * inner + column] = Float(Double(folded.matrix.values[row * inner + column]) * gain)
            }
            bias[row] = Float((Double(bias[row]) - Double(mean[row])) * gain + Double(shift[row]))
        }
        folded.bias = bias
        return folded
    }
}
