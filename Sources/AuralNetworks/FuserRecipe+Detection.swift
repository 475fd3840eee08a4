import AuralCore
import AuralGraph

extension FuserRecipe {
    /// Recognises a fuser from its keys and shapes, and checks that it is complete.
    ///
    /// What shapes cannot tell comes from the arguments, else from the file's metadata (`fuser.variant`, `fuser.heads`, `fuser.frames`,
    /// `fuser.history`), else it is as released: `auralsam2`, a head of 64, T of 10 with words and 5 without, 8 seconds of history.
    ///
    /// Throws a message that names the keys that are missing or odd.
    package static func detect(
        in source: FuserCheckpoint, variant: FuserVariant? = nil, frames: Int? = nil, history: Int? = nil
    ) throws(GraphError) -> FuserRecipe {
        let hasText = source.shape(of: "text_proj.0.weight") != nil
        let hasReduction = source.shape(of: "f_blocks.0.0.attn.sr.weight") != nil
        let telling =
            (0..<3).map { "patch_embeds.\($0).weight" } + VGGishRecipe.features.map { "vgg.features.\($0).weight" }
            + VGGishRecipe.embeddings.map { "vgg.embeddings.\($0).weight" }
            + ["f_blocks.0.0.mlp.fc1.weight", "a_blocks.0.0.mlp.fc1.weight", "fusion_modules.0.q_frame.weight"]
        try source.require(telling, of: "fuser")
        func size(_ key: String, _ axis: Int) throws(GraphError) -> Int {
            guard let shape = source.shape(of: key), shape.indices.contains(axis) else {
                throw GraphError("\(source.label): key \(key) is missing or has too few dimensions; the checkpoint is incomplete")
            }
            return shape[axis]
        }
        func sizes(_ keys: [String], _ axis: Int) throws(GraphError) -> [Int] {
            var result: [Int] = []
            for key in keys { result.append(try size(key, axis)) }
            return result
        }

        let noted = (
            variant: try source.variantInMetadata(), heads: try source.numberInMetadata("fuser.heads"),
            frames: try source.numberInMetadata("fuser.frames"), history: try source.numberInMetadata("fuser.history")
        )
        let variant = variant ?? noted.variant ?? .auralsam2
        let width = try size("patch_embeds.0.weight", 0)
        let recipe = FuserRecipe(
            variant: variant,
            text: hasText ? Text(features: try size("text_proj.0.weight", 1), hidden: try size("text_proj.0.weight", 0)) : nil,
            width: width, inputWidth: try size("patch_embeds.0.weight", 1),
            patchKernels: try sizes((0..<3).map { "patch_embeds.\($0).weight" }, 2),
            visualBlocks: source.blocks("f_blocks"), audioBlocks: source.blocks("a_blocks"),
            heads: noted.heads ?? max(width / 64, 1),
            visualHidden: try size("f_blocks.0.0.mlp.fc1.weight", 0), audioHidden: try size("a_blocks.0.0.mlp.fc1.weight", 0),
            reduction: hasReduction ? try size("f_blocks.0.0.attn.sr.weight", 2) : 0, inner: try size("fusion_modules.0.q_frame.weight", 0),
            vggish: VGGishRecipe(
                convolutions: try sizes(VGGishRecipe.features.map { "vgg.features.\($0).weight" }, 0),
                embeddings: try sizes(VGGishRecipe.embeddings.map { "vgg.embeddings.\($0).weight" }, 0)),
            frames: frames ?? noted.frames ?? (variant == .online ? 1 : hasText ? 10 : 5),
            history: history ?? noted.history ?? 8, matching: try source.matching())
        do throws(GraphError) {
            try recipe.validate()
        } catch {
            throw GraphError("\(source.label): \(error.description)", exitStatus: error.exitStatus)
        }
        try source.require(recipe.tensors, of: "fuser")
        return recipe
    }
}

extension FuserCheckpoint {
    /// Blocks of each of the three levels: one more than the highest number, so that a gap shows as missing keys; 1 at least.
    fileprivate func blocks(_ kind: String) -> [Int] {
        var counts = [1, 1, 1]
        for name in names {
            let words = name.split(separator: ".", maxSplits: 3)
            guard words.count == 4, words[0] == kind, let level = Int(words[1]), counts.indices.contains(level), let block = Int(words[2]),
                (0..<Int.max).contains(block)
            else { continue }
            counts[level] = max(counts[level], block + 1)
        }
        return counts
    }

    /// Matching attention, by its shapes: slots share one layer, whose rows are as many times those of a pixel's.
    fileprivate func matching() throws(GraphError) -> FuserRecipe.Matching? {
        guard let pixel = shape(of: "matching.pixel.weight") else { return nil }
        guard let size = pixel.first, size > 0, let rows = shape(of: "matching.sound.weight")?.first, rows > 0, rows % size == 0 else {
            throw GraphError("\(label): matching.sound.weight is missing or no multiple of matching.pixel.weight; the checkpoint is incomplete")
        }
        return FuserRecipe.Matching(slots: rows / size, size: size)
    }

    fileprivate func variantInMetadata() throws(GraphError) -> FuserVariant? {
        guard let text = metadata["fuser.variant"] else { return nil }
        guard let variant = FuserVariant(rawValue: text) else {
            let known = FuserVariant.allCases.map(\.rawValue).joined(separator: " or ")
            throw GraphError("\(label): metadata fuser.variant is none that is known, expected \(known)")
        }
        return variant
    }

    fileprivate func numberInMetadata(_ key: String) throws(GraphError) -> Int? {
        guard let text = metadata[key] else { return nil }
        guard let number = Int(text) else { throw GraphError("\(label): metadata \(key) is not a whole number") }
        return number
    }
}
