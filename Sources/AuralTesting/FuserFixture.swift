import AuralGraph
import AuralNetworks
import Foundation

/// A small fuser of the released plan in which every width is another, and the ways in which upstream's files have written names.
package enum FuserFixture {
    /// The small fuser's plan.
    package static let recipe: FuserRecipe = {
        var recipe = FuserRecipe.official
        (recipe.width, recipe.inputWidth, recipe.heads, recipe.inner, recipe.reduction) = (12, 10, 1, 6, 2)
        (recipe.visualBlocks, recipe.audioBlocks, recipe.visualHidden, recipe.audioHidden) = ([1, 2, 1], [2, 1, 1], 16, 14)
        recipe.vggish = VGGishRecipe(convolutions: [2, 3, 4, 5, 7, 8], embeddings: [9, 11, 6])
        return recipe
    }()

    /// Everything that a file of this fuser holds: what inference asks for, and what only training does.
    package static func shapes(_ recipe: FuserRecipe) -> [String: [Int]] {
        var shapes = Dictionary(recipe.tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        for level in 0..<3 {
            for block in 0..<recipe.audioBlocks[level] {
                let name = "a_blocks.\(level).\(block)"
                shapes["\(name).attn.sr.weight"] = [recipe.width, recipe.width, 4, 4]
                shapes["\(name).attn.norm.bias"] = [recipe.width]
                shapes["\(name).mlp.dwconv.dwconv.weight"] = [recipe.audioHidden, 1, 3, 3]
            }
            shapes["fusion_modules.\(level).g.weight"] = [recipe.inner, recipe.width, 1, 1, 1]
            shapes["fusion_modules.\(level).align_channel_back.bias"] = [recipe.inner]
            shapes["fusion_modules.\(level).W_z.1.num_batches_tracked"] = []
        }
        shapes["train_proj_v1.proj.0.weight"] = [8, recipe.width, 1, 1]
        shapes["train_proj_a1.proj.2.bias"] = [8]
        return shapes
    }

    /// The names of an earlier revision.
    package static func legacy(_ name: String) -> String {
        let modules = [
            ("patch_embeds.0.", "train_f_patch_embed1."), ("patch_embeds.1.", "train_f_patch_embed2."), ("patch_embeds.2.", "train_f_patch_embed3."),
            ("fusion_modules.0.", "train_f_a_block1."), ("fusion_modules.1.", "train_f_a_block2."), ("fusion_modules.2.", "train_f_a_block3."),
            ("f_blocks.0.", "train_f_block1."), ("f_blocks.1.", "train_f_block2."), ("f_blocks.2.", "train_f_block3."),
            ("a_blocks.0.", "train_a_block1."), ("a_blocks.1.", "train_a_block2."), ("a_blocks.2.", "train_a_block3."),
            ("smooth_convs.0.", "train_smooth1."), ("smooth_convs.1.", "train_smooth2."),
        ]
        return renamed(name, modules)
    }

    /// Places in lists of layers.
    package static func numbered(_ name: String) -> String {
        let modules = [
            ("patch_embeds.0.", "0."), ("patch_embeds.1.", "1."), ("patch_embeds.2.", "2."), ("f_blocks.0.", "3."), ("a_blocks.0.", "4."),
            ("fusion_modules.0.", "5."), ("f_blocks.1.", "6."), ("a_blocks.1.", "7."), ("fusion_modules.1.", "8."), ("f_blocks.2.", "9."),
            ("a_blocks.2.", "10."), ("fusion_modules.2.", "11."), ("smooth_convs.0.", "12."), ("smooth_convs.1.", "13."),
            ("train_proj_v1.", "14."), ("train_proj_a1.", "15."), ("text_proj.", "16."),
        ].map { ($0.0, "training_layers.\($0.1)") }
        return renamed(name, modules + [("vgg.", "finetuning_layers.0.")])
    }

    private static func renamed(_ name: String, _ modules: [(String, String)]) -> String {
        guard let module = modules.first(where: { name.hasPrefix($0.0) }) else { return name }
        return module.1 + name.dropFirst(module.0.count)
    }

    /// Calls `body` with a safetensors file of these tensors, whose values follow from the names that `valueName` gives for theirs.
    package static func withFile<Result>(
        _ shapes: [String: [Int]], metadata: [String: String] = [:], valueName: (String) -> String = { $0 },
        _ body: (any WeightSource) throws -> Result
    ) throws -> Result {
        var writer = SafetensorsWriter()
        writer.metadata = metadata
        for (name, shape) in shapes {
            try writer.add(name, shape: shape, values: SyntheticWeights().floats(valueName(name), shape: shape))
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "aurald-fuser-\(UUID().uuidString).safetensors").path
        try writer.write(to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(Checkpoint.open(path))
    }
}
