/// The plan of a Hiera trunk. Widths and depths follow from a checkpoint's shapes; heads, windows and global blocks do not and come from
/// the table of official variants or from a recipe file beside the weights. Source: Hiera (arXiv 2306.00989), upstream `hieradet.py`.
package struct HieraRecipe: Sendable, Codable, Equatable {
    /// Channels of the first stage; they double with each stage.
    package var embedDim: Int
    /// Attention heads of the first stage; they double with each stage.
    package var heads: Int
    /// Blocks in each stage.
    package var stages: [Int]
    /// Window side in each stage, in tokens; a stage's first block still uses the window of the stage before.
    package var windows: [Int]
    /// Indices of the blocks that attend globally.
    package var globalBlocks: [Int]
    /// Side of the learned background positional embedding.
    package var positionGrid: Int

    /// Makes a plan.
    package init(embedDim: Int, heads: Int, stages: [Int], windows: [Int], globalBlocks: [Int], positionGrid: Int) {
        self.embedDim = embedDim
        self.heads = heads
        self.stages = stages
        self.windows = windows
        self.globalBlocks = globalBlocks
        self.positionGrid = positionGrid
    }

    /// Channels of a stage.
    package func width(stage: Int) -> Int { embedDim << stage }

    /// One block of the trunk with everything that its place decides.
    package struct Block: Sendable, Equatable {
        /// Position in the trunk, which is also its number in the checkpoint.
        package var index: Int
        /// Stage, from 0.
        package var stage: Int
        /// Channels coming in.
        package var inputWidth: Int
        /// Channels going out.
        package var outputWidth: Int
        /// Attention heads.
        package var heads: Int
        /// Window side, or 0 for attention over the whole map.
        package var window: Int
        /// True where queries are pooled 2×2, that is in the first block of every stage but the first.
        package var poolsQueries: Bool
        /// True for the last block of its stage.
        package var endsStage: Bool
    }

    /// All blocks in order.
    package var blocks: [Block] {
        var blocks: [Block] = []
        for (stage, depth) in stages.enumerated() {
            for position in 0..<depth {
                let isFirst = position == 0 && stage > 0
                let index = blocks.count
                // Upstream: "lags by a block", a stage's first block keeps the window of the stage before it.
                let window = globalBlocks.contains(index) ? 0 : windows[isFirst ? stage - 1 : stage]
                blocks.append(
                    Block(
                        index: index, stage: stage, inputWidth: width(stage: isFirst ? stage - 1 : stage),
                        outputWidth: width(stage: stage), heads: heads << stage, window: window,
                        poolsQueries: isFirst, endsStage: position == depth - 1))
            }
        }
        return blocks
    }
}
