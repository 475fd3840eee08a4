import AuralGraph
import AuralNetworks

/// The small learned tensors that the tracker itself needs, kept beside the graphs in a bundle.
package struct ModelConstants: Sendable, Equatable {
    /// Added to the features of a frame that has no memory to look at, [d] (`no_mem_embed`).
    package var noMemoryEmbedding: [Float]
    /// The pointer of an absent object, [d] (`no_obj_ptr`).
    package var noObjectPointer: [Float]
    /// The dense prompt where no mask is given, [d] (`no_mask_embed`).
    package var noMaskEmbedding: [Float]
    /// Codes of a memory's age, [memoryFrames × m]; row i is that of a memory i + 1 frames back, the last row that of conditioning frames.
    package var memoryTimeCodes: [Float]
    /// SAM 2.1: projects the sine code of a pointer's distance in time to a memory token, [m × d] and [m]. Empty in SAM 2.0.
    package var pointerTimeMatrix: [Float]
    package var pointerTimeBias: [Float]

    /// Names and shapes, in the order in which a bundle stores them.
    static func layout(_ recipe: NetworkRecipe) -> [(field: WritableKeyPath<ModelConstants, [Float]>, key: String, shape: [Int])] {
        let (width, memory) = (recipe.modelWidth, recipe.memoryWidth)
        var layout: [(WritableKeyPath<ModelConstants, [Float]>, String, [Int])] = [
            (\.noMemoryEmbedding, "no_mem_embed", [1, 1, width]), (\.noObjectPointer, "no_obj_ptr", [1, width]),
            (\.noMaskEmbedding, "sam_prompt_encoder.no_mask_embed.weight", [1, width]),
            (\.memoryTimeCodes, "maskmem_tpos_enc", [recipe.memoryFrames, 1, 1, memory]),
        ]
        if recipe.encodesPointerTime {
            layout.append((\.pointerTimeMatrix, "obj_ptr_tpos_proj.weight", [memory, width]))
            layout.append((\.pointerTimeBias, "obj_ptr_tpos_proj.bias", [memory]))
        }
        return layout
    }

    init() {
        (noMemoryEmbedding, noObjectPointer, noMaskEmbedding) = ([], [], [])
        (memoryTimeCodes, pointerTimeMatrix, pointerTimeBias) = ([], [], [])
    }

    /// Reads the constants from a checkpoint. Throws where one is missing or shaped otherwise.
    package init(_ weights: any WeightSource, _ recipe: NetworkRecipe) throws(CheckpointError) {
        self.init()
        for entry in Self.layout(recipe) { self[keyPath: entry.field] = try weights.floats(entry.key, shape: entry.shape) }
    }
}
