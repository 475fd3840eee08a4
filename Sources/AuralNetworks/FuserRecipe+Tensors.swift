extension FuserRecipe {
    /// Whether a tensor of a checkpoint is one that no inference asks for: parameters that upstream owns but never uses, the counters of its
    /// batch normalisations, and the two heads of its contrastive loss.
    package static func isDead(_ name: String) -> Bool {
        func has(_ parts: String...) -> Bool { parts.contains { name.containsText($0) } }
        if name.hasSuffix(".num_batches_tracked") || name.hasPrefix("train_proj_v1.") || name.hasPrefix("train_proj_a1.") { return true }
        if name.hasPrefix("a_blocks.") { return has(".attn.sr.", ".attn.norm.", ".mlp.dwconv.") }
        return name.hasPrefix("fusion_modules.") && has(".align_channel_back.", ".g.")
    }

    /// Names and shapes of all tensors that inference asks for.
    package var tensors: [(name: String, shape: [Int])] {
        var tensors = vggish.tensors
        func add(_ name: String, _ shape: [Int]) {
            tensors += [("\(name).weight", shape), ("\(name).bias", [shape[0]])]
        }
        for (level, kernel) in patchKernels.enumerated() { add("patch_embeds.\(level)", [width, inputWidth, kernel, kernel]) }
        for level in 0..<2 { add("smooth_convs.\(level)", [width, width, 1, 1]) }
        for (kind, counts, hidden) in [("f_blocks", visualBlocks, visualHidden), ("a_blocks", audioBlocks, audioHidden)] {
            for (level, count) in counts.enumerated() {
                for block in 0..<count {
                    let name = "\(kind).\(level).\(block)"
                    for norm in ["norm1", "norm2"] { add("\(name).\(norm)", [width]) }
                    for (layer, rows) in [("q", width), ("kv", 2 * width), ("proj", width)] { add("\(name).attn.\(layer)", [rows, width]) }
                    add("\(name).mlp.fc1", [hidden, width])
                    add("\(name).mlp.fc2", [width, hidden])
                    guard kind == "f_blocks" else { continue }
                    add("\(name).mlp.dwconv.dwconv", [hidden, 1, 3, 3])
                    guard reduction > 0 else { continue }
                    add("\(name).attn.sr", [width, width, reduction, reduction])
                    add("\(name).attn.norm", [width])
                }
            }
        }
        for level in 0..<3 {
            let name = "fusion_modules.\(level)"
            add("\(name).align_channel", [width, width, 1])
            for role in ["q", "k", "v"] {
                add("\(name).\(role)_frame", [inner, width, 1, 1, 1])
                add("\(name).\(role)_audio", [inner, width, 1])
            }
            add("\(name).W_z.0", [width, inner, 1, 1, 1])
            add("\(name).W_z2.0", [width, inner, 1])
            for norm in ["W_z.1", "W_z2.1"] {
                add("\(name).\(norm)", [width])
                tensors += [("\(name).\(norm).running_mean", [width]), ("\(name).\(norm).running_var", [width])]
            }
            for norm in ["norm_layer", "norm_layer2"] { add("\(name).\(norm)", [width]) }
        }
        if let matching {
            add("matching.pixel", [matching.size, width])
            add("matching.sound", [matching.slots * matching.size, width])
            add("matching.value", [matching.slots * width, width])
            tensors.append(("matching.scale", [2]))
        }
        if let text {
            add("text_proj.0", [text.hidden, text.features])
            add("text_proj.2", [width, text.hidden])
        }
        return tensors
    }
}
