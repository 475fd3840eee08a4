import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// Memory attention with pooled memories against the whole one, where both must be the same.
@Suite(.networks) struct PooledMemoriesTests {
    /// Synthetic weights without keys of the memories: every token is as strong as every other.
    private struct Keyless: WeightSource {
        private let all = SyntheticWeights()
        var names: [String] { [] }
        var label: String { all.label }
        func shape(of name: String) -> [Int]? { nil }
        func elementType(of name: String) -> ElementType? { .float32 }
        func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
            if name.contains("cross_attn_image.k_proj") { return [Float](repeating: 0, count: shape.reduce(1, *)) }
            return try all.floats(name, shape: shape)
        }
    }

    private let recipe = TestBundle.smallRecipe
    private let cells = 256
    private var width: Int { recipe.memoryWidth }

    private func tensor(_ name: String, _ shape: [Int]) -> Tensor {
        Tensor(shape, SyntheticInput.values("pooled.\(name)", shape.reduce(1, *), scale: 1))
    }

    private func run(_ weights: any WeightSource, pools: Bool, objects: Int, _ inputs: [(name: String, tensor: Tensor)]) throws -> [Float] {
        let name = "memory_attention\(pools ? "_pooled" : "")-\(weights is Keyless ? "keyless" : "all")"
        let path = try TestBundle.graph(name, weights: weights) { graph in
            try MemoryAttention(recipe, imageSize: 256, poolsOldMemories: pools).build(graph)
        }
        let output = Tensor(.float32, [objects, cells, recipe.modelWidth])
        try TestSettings.engine().load(StageFile(name: name, path: path, precision: .float32))
            .run(inputs: inputs, outputs: [("conditioned_embedding", output)])
        return output.values
    }

    /// Two whole memories and three old ones for each of two objects, beside pointers; and the same five as whole ones.
    private func inputs(_ old: Tensor) -> (pooled: [(name: String, tensor: Tensor)], whole: [(name: String, tensor: Tensor)]) {
        let recent = tensor("memory", [2, 2, cells, width])
        let (time, oldTime) = (tensor("time", [2, 2, width]), tensor("old_time", [2, 3, width]))
        let shared = [
            ("image_embedding", tensor("image", [1, cells, recipe.modelWidth])), ("pointers", tensor("pointers", [2, 8, width])),
            ("pointer_time", tensor("pointer_time", [2, 8, width])),
        ]
        func joined(_ first: Tensor, _ second: Tensor, _ row: Int) -> [Float] {
            var values: [Float] = []
            for object in 0..<2 {
                values += first.values[(object * 2 * row)..<((object + 1) * 2 * row)]
                values += second.values[(object * 3 * row)..<((object + 1) * 3 * row)]
            }
            return values
        }
        let pooled = [("memory", recent), ("memory_time", time), ("old_memory", old), ("old_memory_time", oldTime)]
        let memory = Tensor([2, 5, cells, width], joined(recent, old, cells * width))
        let whole = [("memory", memory), ("memory_time", Tensor([2, 5, width], joined(time, oldTime, width)))]
        return (shared + pooled, shared + whole)
    }

    private func largestDifference(_ first: [Float], _ second: [Float]) -> Float { zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) } }

    @Test("where all keys are alike a pooled token counts as the four that it stands for", .timeLimit(.minutes(20)))
    func weights() throws {
        let (pooled, whole) = inputs(tensor("old", [2, 3, cells, width]))
        let (found, exact) = (try run(Keyless(), pools: true, objects: 2, pooled), try run(Keyless(), pools: false, objects: 2, whole))
        #expect(largestDifference(found, exact) < 1e-4, "\(largestDifference(found, exact))")
        let (first, second) = (Array(exact[..<(exact.count / 2)]), Array(exact[(exact.count / 2)...]))
        #expect(largestDifference(first, second) > 1e-3, "both objects are alike, which proves little")
    }

    @Test("where each block's cells are alike, pooling changes little; where they are not, more", .timeLimit(.minutes(20)))
    func likeness() throws {
        let rough = tensor("old", [2, 3, cells, width])
        var smooth = rough.values
        for memory in 0..<6 {
            for cell in 0..<cells {
                let corner = memory * cells + cell / 32 * 32 + cell % 16 / 2 * 2
                for channel in 0..<width { smooth[(memory * cells + cell) * width + channel] = rough.values[corner * width + channel] }
            }
        }
        func change(_ old: Tensor) throws -> Float {
            let (pooled, whole) = inputs(old)
            return largestDifference(
                try run(SyntheticWeights(), pools: true, objects: 2, pooled), try run(SyntheticWeights(), pools: false, objects: 2, whole))
        }
        let (little, much) = (try change(Tensor([2, 3, cells, width], smooth)), try change(rough))
        #expect(little > 0 && little < much / 2, "\(little), \(much)")
    }
}
