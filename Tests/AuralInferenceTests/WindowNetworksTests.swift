import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// The networks for a window of the grid against those for a picture of the window's size, where both must be the same.
@Suite(.networks) struct WindowNetworksTests {
    /// Synthetic weights with a decoder that does not know places.
    private let placeless = ZeroedWeights("positional_encoding_gaussian_matrix")
    private let recipe = TestBundle.smallRecipe
    private var width: Int { recipe.modelWidth }
    private var memoryWidth: Int { recipe.memoryWidth }

    private func tensor(_ name: String, _ shape: [Int]) -> Tensor {
        Tensor(shape, SyntheticInput.values("window.\(name)", shape.reduce(1, *), scale: 1))
    }

    private func run(
        _ name: String, _ weights: any WeightSource, _ inputs: [(name: String, tensor: Tensor)],
        _ outputs: [(name: String, shape: [Int])], _ build: (GraphBuilder) throws -> Void
    ) throws -> [[Float]] {
        let path = try TestBundle.graph(name, weights: weights, build)
        let tensors = outputs.map { ($0.name, Tensor(.float32, $0.shape)) }
        try TestSettings.engine().load(StageFile(name: name, path: path, precision: .float32)).run(inputs: inputs, outputs: tensors)
        return tensors.map { $0.1.values }
    }

    private func largestDifference(_ first: [Float], _ second: [Float]) -> Float { zip(first, second).reduce(0) { max($0, abs($1.0 - $1.1)) } }

    @Test(
        "memory attention in a window is that of a small picture with the codes of other cells", .timeLimit(.minutes(20)), arguments: [false, true])
    func memoryAttention(pools: Bool) throws {
        let shared = [
            ("attended_embedding", tensor("image", [1, 256, width])), ("memory", tensor("memory", [1, 2, 256, memoryWidth])),
            ("memory_time", tensor("time", [1, 2, memoryWidth])), ("pointers", tensor("pointers", [1, 8, memoryWidth])),
            ("pointer_time", tensor("pointer_time", [1, 8, memoryWidth])),
        ]
        let old = [("old_memory", tensor("old", [1, 3, 16, memoryWidth])), ("old_memory_time", tensor("old_time", [1, 3, memoryWidth]))]
        let inputs = shared + (pools ? old : [])
        let outputs = [("conditioned_embedding", [1, 256, width])]
        let whole = try run("window-whole-\(pools)", SyntheticWeights(), inputs, outputs) {
            try MemoryAttention(recipe, imageSize: 256, poolsOldMemories: pools).build($0)
        }
        func inWindow(_ code: [Float], _ window: GridWindow = GridWindow(row: 0, column: 0, side: 16)) throws -> [[Float]] {
            var means = [Float](repeating: 0, count: 16 * memoryWidth)
            code.withUnsafeBufferPointer { code in
                means.withUnsafeMutableBufferPointer { PooledMemories.writeMeans(of: code, grid: 16, width: memoryWidth, into: $0) }
            }
            let codes = [("memory_position", Tensor([1, 1, 256, memoryWidth], code))]
            let turn = window.turn(width: width)
            let origin = [("origin_cosine", Tensor([1, width], turn.cosine)), ("origin_sine", Tensor([1, width], turn.sine))]
            let oldCodes = pools ? [("old_memory_position", Tensor([1, 1, 16, memoryWidth], means))] : []
            return try run("window-part-\(pools)", SyntheticWeights(), inputs + codes + origin + oldCodes, outputs) {
                try MemoryAttention(recipe, imageSize: 256, poolsOldMemories: pools, extras: [.window]).build($0)
            }
        }
        let code = PositionalEncodings.sine(side: 16, width: memoryWidth)
        #expect(largestDifference(try inWindow(code)[0], whole[0]) < 1e-5)
        #expect(largestDifference(try inWindow(code.map { -$0 })[0], whole[0]) > 1e-3, "the codes change nothing, which proves little")
        #expect(
            largestDifference(try inWindow(code, GridWindow(row: 5, column: 9, side: 16))[0], whole[0]) > 1e-4, "pointers are seen alike everywhere")
    }

    @Test(
        "the decoder in a window is that of a small picture where places do not matter, and knows its cells' places where they do",
        .timeLimit(.minutes(20)))
    func decoder() throws {
        let shared = [
            ("conditioned_embedding", tensor("embedding", [1, 256, width])), ("sparse_prompt", tensor("sparse", [1, 2, width])),
            ("dense_prompt", tensor("dense", [1, 256, width])), ("high_res_0", tensor("fine", [1, 256, 16, width / 8])),
            ("high_res_1", tensor("middle", [1, 256, 4, width / 4])),
        ]
        let outputs = [("masks", [1, 4, 64, 64]), ("ious", [1, 4]), ("object_score", [1, 1]), ("pointers", [1, 4, width])]
        func cells(_ window: GridWindow) -> (name: String, tensor: Tensor) {
            let cells = Tensor(.int64, [1, 256])
            let numbers = window.rowStarts(grid: 32).flatMap { start in (0..<16).map { Int64(start + $0) } }
            _ = cells.integers.update(fromContentsOf: numbers)
            return ("cells", cells)
        }
        func inWindow(_ weights: any WeightSource, _ window: GridWindow) throws -> [[Float]] {
            try run("window-decoder-\(weights is ZeroedWeights)", weights, shared + [cells(window)], outputs) {
                try MaskDecoder(recipe, imageSize: 512, isWindow: true).build($0)
            }
        }
        let (corner, middle) = (GridWindow(row: 0, column: 0, side: 16), GridWindow(row: 9, column: 3, side: 16))
        let small = try run("window-decoder-small", placeless, shared, outputs) { try MaskDecoder(recipe, imageSize: 256).build($0) }
        for (found, exact) in zip(try inWindow(placeless, middle), small) { #expect(largestDifference(found, exact) < 1e-4) }
        let all = SyntheticWeights()
        let (first, second) = (try inWindow(all, corner), try inWindow(all, middle))
        #expect(largestDifference(first[0], second[0]) > 1e-4)
    }
}
