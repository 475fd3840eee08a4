/// What a key of an AuralSAM2 checkpoint stands for, whichever of upstream's ways of writing it was used.
///
/// A key is a prefix (`module.` of data-parallel training, then the part of the model), one of three kinds of names, and the rest, which never
/// changed. Source: upstream's remapping tools.
struct FuserKey: Equatable {
    /// Which part of the model it belongs to.
    enum Part {
        case fuser, sam2, text
    }

    /// How modules of the fuser were named; where a file has a tensor under several names, the first kind here counts.
    enum Naming: Int, Sendable, Comparable {
        /// As the released code has it: `f_blocks.0…`.
        case official
        /// As an earlier revision had it: `train_f_block1…`.
        case legacy
        /// By their place in a list of layers: `training_layers.3…`.
        case numbered

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    let part: Part
    /// The official name, without prefix.
    let name: String
    /// `aural_fuser.`, `audio_prompter.`, `v_model.`, `t_model.` or nothing.
    let prefix: String
    let naming: Naming

    /// Takes a checkpoint's key apart; nil where it is none of AuralSAM2's.
    init?(_ key: String) {
        let (isDistributed, plain) = Self.removing("module.", from: key)
        for (prefix, part) in [("v_model.", Part.sam2), ("t_model.", .text), ("aural_fuser.", .fuser), ("audio_prompter.", .fuser)] {
            let (found, rest) = Self.removing(prefix, from: plain)
            guard found else { continue }
            // The parts may have been wrapped for data-parallel training one by one.
            let inner = isDistributed ? rest : Self.removing("module.", from: rest).rest
            self.init(part, inner, prefix: prefix)
            return
        }
        self.init(.fuser, plain, prefix: "")
    }

    private init?(_ part: Part, _ key: String, prefix: String) {
        self.part = part
        self.prefix = prefix
        guard part == .fuser else {
            (name, naming) = (key, .official)
            return
        }
        let words = key.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 1 else { return nil }
        let rest = key.dropFirst(words[0].count + 1)
        if Self.modules.contains(String(words[0])) {
            (name, naming) = (key, .official)
        } else if let module = Self.legacy[String(words[0])] {
            (name, naming) = ("\(module).\(rest)", .legacy)
        } else if words.count > 2, let module = Self.numbered["\(words[0]).\(words[1])"] {
            (name, naming) = ("\(module).\(words[2])", .numbered)
        } else {
            return nil
        }
    }

    /// Whether the key is to be taken rather than another with the same official name.
    func isBetter(than other: FuserKey) -> Bool {
        func rank(_ key: FuserKey) -> Int { ["aural_fuser.", "audio_prompter."].firstIndex(of: key.prefix) ?? 2 }
        return (naming, rank(self)) < (other.naming, rank(other))
    }

    /// The official names of the fuser's outermost modules.
    private static let modules: Set<String> = [
        "vgg", "patch_embeds", "f_blocks", "a_blocks", "fusion_modules", "smooth_convs", "train_proj_v1", "train_proj_a1", "text_proj",
        // Ours, see `MatchingAttention`.
        "matching",
    ]

    /// The names of an earlier revision.
    static let legacy: [String: String] = {
        var names: [String: String] = [:]
        for level in 0..<3 {
            names["train_f_patch_embed\(level + 1)"] = "patch_embeds.\(level)"
            names["train_f_a_block\(level + 1)"] = "fusion_modules.\(level)"
            names["train_f_block\(level + 1)"] = "f_blocks.\(level)"
            names["train_a_block\(level + 1)"] = "a_blocks.\(level)"
        }
        for level in 0..<2 { names["train_smooth\(level + 1)"] = "smooth_convs.\(level)" }
        return names
    }()

    /// The lists of layers.
    static let numbered: [String: String] = {
        var names: [String: String] = ["finetuning_layers.0": "vgg"]
        let layers =
            (0..<3).map { "patch_embeds.\($0)" } + (0..<3).flatMap { ["f_blocks.\($0)", "a_blocks.\($0)", "fusion_modules.\($0)"] }
            + ["smooth_convs.0", "smooth_convs.1", "train_proj_v1", "train_proj_a1", "text_proj"]
        for (index, name) in layers.enumerated() { names["training_layers.\(index)"] = name }
        return names
    }()

    private static func removing(_ prefix: String, from key: String) -> (found: Bool, rest: String) {
        // Scalars, because a key may go on with a mark that would make one character with the prefix's last.
        guard key.unicodeScalars.starts(with: prefix.unicodeScalars) else { return (false, key) }
        return (true, String(key.unicodeScalars.dropFirst(prefix.unicodeScalars.count)))
    }
}
