import AuralCore
import AuralGraph
import AuralTesting
import Testing

@testable import AuralNetworks

@Suite struct FuserCheckpointTests {
    /// A way in which a file writes the fuser's names, and what is said of it.
    struct Writing: Sendable, CustomTestStringConvertible {
        let name: @Sendable (String) -> String
        let prefix: String
        var isLegacy = false
        var isNumbered = false
        var testDescription: String { "\(name("f_blocks.0.0.norm1.weight")) \(name("vgg.features.0.weight"))" }
    }

    static let writings: [Writing] = {
        var writings = [Writing(name: { "aural_fuser.module.\($0)" }, prefix: "aural_fuser.")]
        for prefix in ["", "aural_fuser.", "audio_prompter."] {
            for before in [prefix, "module.\(prefix)"] {
                writings += [
                    Writing(name: { before + $0 }, prefix: prefix, isLegacy: prefix == "audio_prompter."),
                    Writing(name: { before + FuserFixture.legacy($0) }, prefix: prefix, isLegacy: true),
                    Writing(name: { before + FuserFixture.numbered($0) }, prefix: prefix, isLegacy: true, isNumbered: true),
                ]
            }
        }
        return writings
    }()

    @Test("the official lists have 754 and 752 tensors, of which 90 and 84 are dead")
    func official() throws {
        for (list, recipe, count, dead) in [("avs", FuserRecipe.official, 754, 90), ("refavs", .officialWithText, 752, 84)] {
            let fuser = try FuserCheckpoint(ShapeTable(official: "auralfuser_\(list)"))
            #expect(fuser.names.count == count && fuser.dead.count == dead && fuser.unknown == 0 && fuser.duplicates == 0)
            #expect(fuser.format == FuserCheckpoint.Format(isFull: false, prefix: "", isLegacy: false, isNumbered: false))
            #expect(fuser.sam2 == nil && fuser.text == nil)
            let found = try FuserRecipe.detect(in: fuser)
            #expect(found == recipe)
            // Nothing is left that is neither asked for nor dead.
            #expect(Set(found.tensors.map(\.name)).union(fuser.dead) == Set(fuser.names))
            #expect(fuser.summary(found).hasSuffix("a fuser-only file, current names; dropped: \(dead) dead tensors"))
        }
    }

    @Test("every way of writing names gives the official names", arguments: writings)
    func names(_ writing: Writing) throws {
        let shapes = FuserFixture.shapes(FuserFixture.recipe)
        let written = Dictionary(uniqueKeysWithValues: shapes.map { (writing.name($0.key), $0.value) })
        let fuser = try FuserCheckpoint(ShapeTable("some.pth", written))
        #expect(fuser.names == shapes.keys.sorted() && fuser.names.allSatisfy { fuser.shape(of: $0) == shapes[$0] })
        #expect(
            fuser.format
                == FuserCheckpoint.Format(
                    isFull: false, prefix: writing.prefix, isLegacy: writing.isLegacy, isNumbered: writing.isNumbered))
        #expect(fuser.unknown == 0 && fuser.duplicates == 0 && fuser.label == "some.pth")
        #expect(try FuserRecipe.detect(in: fuser) == FuserFixture.recipe)
    }

    @Test("the official list in every way of writing gives 754 names", arguments: writings)
    func officialNames(_ writing: Writing) throws {
        let shapes = try #require(try ShapeTable.official()["auralfuser_avs"])
        let fuser = try FuserCheckpoint(ShapeTable("some.pth", Dictionary(uniqueKeysWithValues: shapes.map { (writing.name($0.key), $0.value) })))
        #expect(fuser.names.count == 754 && Set(fuser.names) == Set(shapes.keys))
    }

    @Test("a full file gives SAM 2 and the text encoder as well, each under its own names")
    func full() throws {
        var shapes = FuserFixture.shapes(FuserFixture.recipe)
        shapes = Dictionary(uniqueKeysWithValues: shapes.map { ("audio_prompter.\(FuserFixture.legacy($0.key))", $0.value) })
        shapes["v_model.image_encoder.trunk.pos_embed"] = [1, 2, 3, 3]
        shapes["v_model.module.no_mem_embed"] = [1, 1, 8]
        shapes["t_model.embeddings.word_embeddings.weight"] = [7, 4]
        shapes["something.else"] = [1]
        try FuserFixture.withFile(shapes) { source in
            let fuser = try FuserCheckpoint(source)
            #expect(fuser.format == FuserCheckpoint.Format(isFull: true, prefix: "audio_prompter.", isLegacy: true, isNumbered: false))
            #expect(fuser.sam2?.names == ["image_encoder.trunk.pos_embed", "no_mem_embed"])
            #expect(fuser.text?.names == ["embeddings.word_embeddings.weight"] && fuser.unknown == 1)
            let name = "f_blocks.1.1.attn.kv.bias"
            let expected = try SyntheticWeights().floats("audio_prompter.train_f_block2.1.attn.kv.bias", shape: [24])
            #expect(try fuser.floats(name, shape: [24]) == expected && fuser.elementType(of: name) == .float32)
            #expect(try fuser.sam2?.floats("no_mem_embed", shape: [1, 1, 8]).count == 8)
            let recipe = try FuserRecipe.detect(in: fuser)
            #expect(
                fuser.summary(recipe)
                    == "auralsam2 fuser, T = 5, audio only (AVS), width 12; a full file with SAM 2 and a text encoder, legacy names under "
                    + "audio_prompter.; dropped: 23 dead tensors, 1 unknown")
            #expect(throws: CheckpointError.self) { try fuser.floats("f_blocks.9.0.norm1.bias", shape: [12]) }
            #expect(throws: CheckpointError.self) { try fuser.floats(name, shape: [12]) }
        }
    }

    @Test("of a tensor that is there under several names the most official one counts")
    func duplicates() throws {
        let shapes = FuserFixture.shapes(FuserFixture.recipe)
        var written = shapes
        for (name, shape) in shapes {
            written[FuserFixture.numbered(name)] = shape
            written["audio_prompter.\(FuserFixture.legacy(name))"] = shape
            written["aural_fuser.\(name)"] = shape
        }
        try FuserFixture.withFile(written) { source in
            let fuser = try FuserCheckpoint(source)
            #expect(fuser.names == shapes.keys.sorted() && fuser.duplicates == 3 * shapes.count)
            #expect(fuser.format.prefix == "aural_fuser." && !fuser.format.isLegacy)
            for name in ["f_blocks.0.0.norm1.bias", "vgg.embeddings.4.bias", "fusion_modules.2.norm_layer.bias"] {
                let shape = try #require(shapes[name])
                #expect(try fuser.floats(name, shape: shape) == SyntheticWeights().floats("aural_fuser.\(name)", shape: shape))
            }
        }
        // The list alone beside the names of an earlier revision: those count, and the list fills what they lack.
        var older = Dictionary(uniqueKeysWithValues: shapes.map { (FuserFixture.legacy($0.key), $0.value) })
        for (name, shape) in shapes { older[FuserFixture.numbered(name)] = shape }
        older["training_layers.99.x"] = [1]
        older["train_smooth2.bias"] = nil
        let fuser = try FuserCheckpoint(ShapeTable("older.pth", older))
        #expect(fuser.names == shapes.keys.sorted() && fuser.unknown == 1 && fuser.format.isNumbered)
    }

    @Test("a file without a fuser is refused, and SAM 2 is recognised")
    func none() throws {
        for (table, words) in [
            (ShapeTable("empty.pth", [:]), "patch_embeds.0.weight is missing"),
            (ShapeTable("odd.pth", ["vgg": [1], "training_layers.17.weight": [1], "": [], "train_f_block4.0": [2]]), "AuralSAM2"),
            (try ShapeTable(official: "sam2_hiera_tiny"), "--sam2"),
        ] {
            let error = #expect(throws: GraphError.self) { try FuserCheckpoint(table) }
            #expect(error?.description.contains(words) == true && error?.description.hasPrefix(table.label) == true)
            #expect(error?.exitStatus == .dataError)
        }
    }
}
