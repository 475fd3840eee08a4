import AuralGraph

/// Memories of which each block of 2×2 cells is one token: its mean, in the middle of the block, counted four times.
///
/// A reduction without training. Neighbouring tokens of a memory are alike, and softmax gives a token that stands for four the weight of four when the
/// logarithm of 4 is added to its product. Source of that: Token Merging (arXiv 2210.09461), "proportional attention", equation 1.
struct PooledMemories {
    private static let logFour: Float = 1.386_294_4

    /// What keys are projected from [objects, old memories, HW/4, m].
    let keySource: Value
    /// The values [objects, tokens, m].
    let values: Value
    /// The rotary code of the blocks' middles.
    let rotary: RotaryEncoding

    /// Declares the inputs `old_memory` and `old_memory_time`, and pools.
    init(_ graph: GraphBuilder, grid: Int, width: Int, memoryWidth: Int, objects: Dimension) throws {
        let (blocks, count) = (grid / 2, Dimension.symbol("old_memories"))
        let memory = graph.input("old_memory", .float32, [objects, count, .fixed(grid * grid), .fixed(memoryWidth)])
        let time = graph.input("old_memory_time", .float32, [objects, count, .fixed(memoryWidth)])
        let cells = graph.reshapeKeepingFirst(memory, [objects, count, .fixed(blocks), 2, .fixed(blocks), 2, .fixed(memoryWidth)])
        let means = graph.mean(cells, axes: [3, 5])
        let pooled = graph.reshapeKeepingFirst(means, [objects, count, .fixed(blocks * blocks), .fixed(memoryWidth)])
        values = graph.reshapeKeepingFirst(pooled, [objects, .symbol("old_tokens"), .fixed(memoryWidth)])
        let sine = PositionalEncodings.sine(side: grid, width: memoryWidth)
        let position = try graph.constant(
            Self.pooled(sine, side: grid, width: memoryWidth), [1, 1, blocks * blocks, memoryWidth], "old_memory_position")
        keySource = graph.add(graph.add(pooled, position), graph.unsqueeze(time, [2]))
        rotary = try RotaryEncoding(graph, grid: blocks, width: width, step: 2)
    }

    /// What is added to the products with the keys of all tokens [objects, 1, tokens]: 0 for whole tokens, log 4 for pooled ones.
    func logWeights(_ graph: GraphBuilder, beside whole: Value, _ pointers: Value, size: Dimension) throws -> Value {
        func constant(_ logWeight: Float, like tokens: Value) throws -> Value {
            let zeros = try graph.multiply(graph.slice(tokens, axis: 2, 0..<1), by: 0)
            return try graph.add(zeros, logWeight)
        }
        let all = graph.concat(
            [try constant(0, like: whole), try constant(Self.logFour, like: values), try constant(0, like: pointers)], axis: 1, size: size)
        return graph.transpose(all, [0, 2, 1])
    }

    /// Means of 2×2 cells of a grid's code [side², width].
    private static func pooled(_ code: [Float], side: Int, width: Int) -> [Float] {
        let blocks = side / 2
        return (0..<(blocks * blocks)).flatMap { block in
            let corner = block / blocks * 2 * side + block % blocks * 2
            return (0..<width).map { channel in
                [0, 1, side, side + 1].reduce(0) { $0 + code[(corner + $1) * width + channel] } / 4
            }
        }
    }
}
