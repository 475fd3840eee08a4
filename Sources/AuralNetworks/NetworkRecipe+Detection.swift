import AuralCore
import AuralGraph

extension NetworkRecipe {
    /// Recognises the network in a checkpoint from its keys and shapes alone.
    ///
    /// What shapes cannot tell (heads, windows, global blocks) is taken from the official network with the same trunk; a trunk that is none of
    /// them needs a recipe file. Throws a message that names the key that is missing or odd.
    package static func detect(in source: any WeightSource) throws(GraphError) -> NetworkRecipe {
        let names = Set(source.names)
        guard names.contains("image_encoder.trunk.patch_embed.proj.weight") else {
            let isFuser = (try? FuserCheckpoint(source)) != nil
            throw GraphError(
                "\(source.label): no SAM 2 network: key image_encoder.trunk.patch_embed.proj.weight is missing; "
                    + (isFuser ? "this is a fuser, give it as --fuser" : "give an official SAM 2 or 2.1 checkpoint"))
        }
        func size(_ key: String, _ axis: Int) throws(GraphError) -> Int {
            guard let shape = source.shape(of: key), shape.indices.contains(axis) else {
                throw GraphError("\(source.label): key \(key) is missing or has too few dimensions; the checkpoint is incomplete")
            }
            return shape[axis]
        }
        func count(_ pattern: (Int) -> String) -> Int {
            var number = 0
            while number < 256, names.contains(pattern(number)) { number += 1 }
            return number
        }

        let depth = count { "image_encoder.trunk.blocks.\($0).norm1.weight" }
        // A block whose width changes has a projection of its shortcut: it starts a stage.
        let starts = [0] + (1..<max(depth, 1)).filter { names.contains("image_encoder.trunk.blocks.\($0).proj.weight") } + [depth]
        let stages = zip(starts, starts.dropFirst()).map { $1 - $0 }
        let embedDim = try size("image_encoder.trunk.patch_embed.proj.weight", 0)
        let grid = try size("image_encoder.trunk.pos_embed", 2)
        guard
            let known = officialTrunks.first(where: {
                $0.trunk.embedDim == embedDim && $0.trunk.stages == stages && $0.trunk.positionGrid == grid
            })
        else {
            throw GraphError(
                "\(source.label): a trunk of width \(embedDim) with stages \(stages) is none of the official ones; give its windows, heads and global blocks with --recipe FILE"
            )
        }
        let isNewer = names.contains("no_obj_embed_spatial") && names.contains("obj_ptr_tpos_proj.weight")
        let recipe = NetworkRecipe(
            name: "\(isNewer ? "sam2.1" : "sam2")_hiera_\(known.name)", trunk: known.trunk, topDownLevels: [2, 3],
            modelWidth: try size("image_encoder.neck.convs.0.conv.weight", 0),
            memoryWidth: try size("memory_encoder.out_proj.weight", 0), memoryFrames: try size("maskmem_tpos_enc", 0), maximumPointers: 16,
            memoryAttentionLayers: count { "memory_attention.layers.\($0).norm1.weight" },
            memoryAttentionHidden: try size("memory_attention.layers.0.linear1.weight", 0),
            memoryFuserLayers: count { "memory_encoder.fuser.layers.\($0).gamma" },
            decoderLayers: count { "sam_mask_decoder.transformer.layers.\($0).norm1.weight" }, decoderHeads: 8,
            decoderHidden: try size("sam_mask_decoder.transformer.layers.0.mlp.layers.0.weight", 0),
            iouHidden: try size("sam_mask_decoder.iou_prediction_head.layers.0.weight", 0),
            maskPromptWidth: try size("sam_prompt_encoder.mask_downscaling.3.weight", 0),
            hasSpatialNoObjectEmbedding: names.contains("no_obj_embed_spatial"),
            encodesPointerTime: names.contains("obj_ptr_tpos_proj.weight"))
        try recipe.validate()
        return recipe
    }
}
