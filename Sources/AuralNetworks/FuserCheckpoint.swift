import AuralCore
import AuralGraph

/// An AuralFuser out of a checkpoint, under the official names without prefix, however the file wrote them.
///
/// Read are files with the fuser alone and full ones (SAM 2 and maybe a text encoder beside it), the names of earlier revisions and of
/// data-parallel training. Source: the names in upstream's revisions.
package struct FuserCheckpoint: WeightSource {
    /// How the file was written.
    package struct Format: Sendable, Equatable {
        /// SAM 2's weights are in it too.
        package var isFull: Bool
        /// `aural_fuser.`, the older `audio_prompter.`, or nothing.
        package var prefix: String
        /// Names of an earlier revision, or an older prefix, had to be translated.
        package var isLegacy: Bool
        /// Some of them were places in a list of layers.
        package var isNumbered: Bool
    }

    /// How the file was written.
    package let format: Format
    /// SAM 2 under its official names, where the file is a full one.
    package let sam2: (any WeightSource)?
    /// The text encoder as its own library names it, where the file has one.
    package let text: (any WeightSource)?
    /// How many tensors were in the file a second time, under another name.
    package let duplicates: Int
    /// How many tensors belong to none of the parts.
    package let unknown: Int

    private let fuser: RenamedWeights

    /// Sorts a checkpoint's keys. Throws where none of them is a fuser's.
    package init(_ source: any WeightSource) throws(GraphError) {
        var originals: [FuserKey.Part: [String: String]] = [:]
        var chosen: [String: FuserKey] = [:]
        var (duplicates, unknown) = (0, 0)
        for original in source.names {
            guard let key = FuserKey(original) else {
                unknown += 1
                continue
            }
            if key.part == .fuser {
                let other = chosen[key.name]
                if other != nil { duplicates += 1 }
                if let other, !key.isBetter(than: other) { continue }
                chosen[key.name] = key
            }
            originals[key.part, default: [:]][key.name] = original
        }
        guard !chosen.isEmpty else {
            let isSAM2 = source.shape(of: "image_encoder.trunk.patch_embed.proj.weight") != nil
            throw GraphError(
                "\(source.label): no AuralFuser: key patch_embeds.0.weight is missing, under its older names too; "
                    + (isSAM2 ? "this is SAM 2 itself, give it as --sam2" : "give a checkpoint of AuralSAM2"))
        }
        let prefixes = Set(chosen.values.map(\.prefix))
        let worst = chosen.values.map(\.naming).max() ?? .official
        format = Format(
            isFull: originals[.sam2] != nil, prefix: ["aural_fuser.", "audio_prompter."].first { prefixes.contains($0) } ?? "",
            isLegacy: worst != .official || prefixes.contains("audio_prompter."), isNumbered: worst == .numbered)
        fuser = RenamedWeights(source, originals: originals[.fuser] ?? [:])
        sam2 = originals[.sam2].map { RenamedWeights(source, originals: $0) }
        text = originals[.text].map { RenamedWeights(source, originals: $0) }
        self.duplicates = duplicates
        self.unknown = unknown
    }

    package var names: [String] { fuser.names }
    package var label: String { fuser.label }
    package var metadata: [String: String] { fuser.metadata }
    package func shape(of name: String) -> [Int]? { fuser.shape(of: name) }
    package func elementType(of name: String) -> ElementType? { fuser.elementType(of: name) }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        try fuser.floats(name, shape: shape)
    }

    /// The tensors that no inference asks for: dead parameters, counters, and heads that only training uses.
    package var dead: [String] { names.filter { FuserRecipe.isDead($0) } }

    /// One sentence for people: what was found, how it was written, and what was left out.
    package func summary(_ recipe: FuserRecipe) -> String {
        let length = recipe.variant == .online ? "history of \(recipe.history) s" : "T = \(recipe.frames)"
        let input = recipe.hasText ? "audio and text (Ref-AVS)" : "audio only (AVS)"
        let kind = "\(recipe.variant.rawValue) fuser, \(length), \(input), width \(recipe.width)"
        let contents = [format.isFull ? "SAM 2" : nil, text == nil ? nil : "a text encoder"].compactMap(\.self)
        let file = contents.isEmpty ? "a fuser-only file" : "a full file with \(contents.joined(separator: " and "))"
        let style = format.isNumbered ? "numbered legacy names" : format.isLegacy ? "legacy names" : "current names"
        let prefix = format.prefix.isEmpty ? "" : " under \(format.prefix)"
        let asked = Set(recipe.tensors.map(\.name))
        let odd = unknown + names.count { !asked.contains($0) && !FuserRecipe.isDead($0) }
        var dropped = ["\(dead.count) dead tensors"]
        if duplicates > 0 { dropped.append("\(duplicates) duplicate\(duplicates == 1 ? "" : "s")") }
        if odd > 0 { dropped.append("\(odd) unknown") }
        return "\(kind); \(file), \(style)\(prefix); dropped: \(dropped.joined(separator: ", "))"
    }
}
