import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// Memory attention with pooled memories against the whole one, where both must be the same.
@Suite(.networks) struct PooledMemoriesTests {
    /// Synthetic weights without keys of the memories: every token is as strong as every other.
    private let keyless = ZeroedWeights("cross_attn_image.k_proj")
    private let recipe = TestBundle.smallRecipe
    private let cells = 256
    private var width: Int { recipe.memoryWidth }

    private func tensor(_ name: String, _ shape: [Int]) -> Tensor {
        Tensor(shape, SyntheticInput.values("pooled.\(name)", shape.reduce(1, *), scale: 1))
    }

    private func run(_ weights: any WeightSource, pools: Bool, _ inputs: [(name: String, tensor: Tensor)]) throws -> [Float] {
        let name = "memory_attention\(pools ? "_pooled" : "")-\(weights is ZeroedWeights ? "keyless" : "all")"
        let path = try TestBundle.graph(name, weights: weights) { graph in
            try MemoryAttention(recipe, imageSize: 256, poolsOldMemories: pools).build(graph)
        }
        let output = Tensor(.float32, [1, cells, recipe.modelWidth])
        try TestSettings.engine().load(StageFile(name: name, path: path, precision: .float32))
            .run(inputs: inputs, outputs: [("conditioned_embedding", output)])
        return output.values
    }

    /// Two whole memories and three old ones, beside pointers; and the same five as whole ones.
    private func inputs(_ old: Tensor) -> (pooled: [(name: String, tensor: Tensor)], whole: [(name: String, tensor: Tensor)]) {
        let recent = tensor("memory", [1, 2, cells, width])
        let (time, oldTime) = (tensor("time", [1, 2, width]), tensor("old_time", [1, 3, width]))
        let shared = [
            ("attended_embedding", tensor("image", [1, cells, recipe.modelWidth])), ("pointers", tensor("pointers", [1, 8, width])),
            ("pointer_time", tensor("pointer_time", [1, 8, width])),
        ]
        let means = Tensor(.float32, [1, 3, cells / 16, width])
        for memory in 0..<3 {
            PooledMemories.writeMeans(
                of: UnsafeBufferPointer(old.view([cells, width], offset: memory * cells * width).floats), grid: 16, width: width,
                into: means.view([cells / 16, width], offset: memory * cells / 16 * width).floats)
        }
        let pooled = [("memory", recent), ("memory_time", time), ("old_memory", means), ("old_memory_time", oldTime)]
        let whole = [
            ("memory", Tensor([1, 5, cells, width], recent.values + old.values)),
            ("memory_time", Tensor([1, 5, width], time.values + oldTime.values)),
        ]
        return (shared + pooled, shared + whole)
    }

    private func largestDifference(_ first: [Float], _ second: [Float]) -> Float { zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) } }

    @Test("where all keys are alike a pooled token counts as the sixteen that it stands for", .timeLimit(.minutes(20)))
    func weights() throws {
        let (pooled, whole) = inputs(tensor("old", [1, 3, cells, width]))
        let (found, exact) = (try run(keyless, pools: true, pooled), try run(keyless, pools: false, whole))
        #expect(largestDifference(found, exact) < 1e-4, "\(largestDifference(found, exact))")
        let (_, fewer) = inputs(Tensor([1, 3, cells, width], [Float](repeating: 0, count: 3 * cells * width)))
        #expect(largestDifference(try run(keyless, pools: false, fewer), exact) > 1e-3, "old memories change nothing, which proves little")
    }

    @Test("where each block's cells are alike, pooling changes little; where they are not, more", .timeLimit(.minutes(20)))
    func likeness() throws {
        let rough = tensor("old", [1, 3, cells, width])
        var smooth = rough.values
        for memory in 0..<3 {
            for cell in 0..<cells {
                let corner = memory * cells + cell / 64 * 64 + cell % 16 / 4 * 4
                for channel in 0..<width { smooth[(memory * cells + cell) * width + channel] = rough.values[corner * width + channel] }
            }
        }
        func change(_ old: Tensor) throws -> Float {
            let (pooled, whole) = inputs(old)
            return largestDifference(
                try run(SyntheticWeights(), pools: true, pooled), try run(SyntheticWeights(), pools: false, whole))
        }
        let (little, much) = (try change(Tensor([1, 3, cells, width], smooth)), try change(rough))
        #expect(little > 0 && little < much * 0.7, "\(little), \(much)")
    }
}
