import AuralGraph

/// Memories of which each block of 4×4 cells is one token: its mean, in the middle of the block, counted sixteen times.
///
/// A reduction without training. Neighbouring tokens of a memory are alike, and softmax gives a token that stands for n the weight of n when the
/// logarithm of n is added to its product. Source of that: Token Merging (arXiv 2210.09461), "proportional attention", equation 1.
package struct PooledMemories {
    /// Side of a block, in cells; two where four do not fill the grid.
    package static func side(grid: Int) -> Int { grid % 4 == 0 ? 4 : 2 }

    /// What keys are projected from [1, old memories, blocks, m].
    let keySource: Value
    /// The values [1, tokens, m].
    let values: Value
    /// The rotary code of the blocks' middles.
    let rotary: RotaryEncoding
    private let logWeight: Float

    /// Declares the inputs `old_memory`, the blocks' means, and `old_memory_time`; for a `GridWindow` also `old_memory_position`.
    init(_ graph: GraphBuilder, grid: Int, width: Int, memoryWidth: Int, isWindow: Bool) throws {
        let (count, side) = (Dimension.symbol("old_memories"), Self.side(grid: grid))
        let blocks = grid / side
        logWeight = Float(Double.logarithm(Double(side * side)))
        let means = graph.input("old_memory", .float32, [1, count, .fixed(blocks * blocks), .fixed(memoryWidth)])
        let time = graph.input("old_memory_time", .float32, [1, count, .fixed(memoryWidth)])
        values = graph.reshape(means, [1, .symbol("old_tokens"), .fixed(memoryWidth)])
        let code =
            try isWindow
            ? graph.input("old_memory_position", .float32, [1, 1, .fixed(blocks * blocks), .fixed(memoryWidth)])
            : graph.constant(Self.position(grid: grid, width: memoryWidth), [1, 1, blocks * blocks, memoryWidth], "old_memory_position")
        keySource = graph.add(graph.add(means, code), graph.unsqueeze(time, [2]))
        rotary = try RotaryEncoding(graph, grid: blocks, width: width, step: side)
    }

    /// The means of the blocks' sine codes [blocks, width].
    private static func position(grid: Int, width: Int) -> [Float] {
        let blocks = grid / side(grid: grid)
        var position = [Float](repeating: 0, count: blocks * blocks * width)
        PositionalEncodings.sine(side: grid, width: width).withUnsafeBufferPointer { code in
            position.withUnsafeMutableBufferPointer { writeMeans(of: code, grid: grid, width: width, into: $0) }
        }
        return position
    }

    /// What is added to the products with the keys of all tokens [1, 1, tokens]: 0 for whole tokens, log n for pooled ones.
    func logWeights(_ graph: GraphBuilder, beside whole: Value, _ pointers: Value, size: Dimension) throws -> Value {
        func constant(_ logWeight: Float, like tokens: Value) throws -> Value {
            let zeros = try graph.multiply(graph.slice(tokens, axis: 2, 0..<1), by: 0)
            return try graph.add(zeros, logWeight)
        }
        let all = graph.concat(
            [try constant(0, like: whole), try constant(logWeight, like: values), try constant(0, like: pointers)], axis: 1, size: size)
        return graph.transpose(all, [0, 2, 1])
    }

    /// Means of the blocks of a map [grid², width], row by row, into [(grid/side)², width].
    package static func writeMeans(
        of cells: UnsafeBufferPointer<Float>, grid: Int, width: Int, into means: UnsafeMutableBufferPointer<Float>
    ) {
        let side = side(grid: grid)
        precondition(cells.count == grid * grid * width && means.count * side * side == cells.count, "no map of \(grid)×\(grid) cells")
        let blocks = grid / side
        let share = 1 / Float(side * side)
        for block in 0..<(blocks * blocks) {
            for channel in 0..<width { means[block * width + channel] = 0 }
            for cell in 0..<(side * side) {
                let row = block / blocks * side + cell / side
                let start = (row * grid + block % blocks * side + cell % side) * width
                for channel in 0..<width { means[block * width + channel] += cells[start + channel] * share }
            }
        }
    }
}
