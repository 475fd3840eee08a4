import AuralCore
import AuralGraph
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite struct FuserRecipeTests {
    private func table(_ change: (inout [String: [Int]]) -> Void) throws -> FuserCheckpoint {
        var shapes = FuserFixture.shapes(FuserFixture.recipe)
        change(&shapes)
        return try FuserCheckpoint(ShapeTable("some.pth", shapes))
    }

    @Test("smaller widths, blocks without reduction, and words are seen in the shapes")
    func shapes() throws {
        var recipe = FuserFixture.recipe
        recipe.text = FuserRecipe.Text(features: 20, hidden: 18)
        recipe.frames = 10
        recipe.reduction = 0
        let fuser = try FuserCheckpoint(ShapeTable("some.pth", FuserFixture.shapes(recipe)))
        #expect(try FuserRecipe.detect(in: fuser) == recipe)
        #expect(try JSONDecoder().decode(FuserRecipe.self, from: JSONEncoder().encode(recipe)) == recipe)
        #expect(fuser.summary(recipe).hasPrefix("auralsam2 fuser, T = 10, audio and text (Ref-AVS), width 12"))
        #expect(throws: Never.self) { try FuserRecipe.official.validate() }
        #expect(FuserRecipe.official.tensors.count == 664 && FuserRecipe.officialWithText.tensors.count == 668)
    }

    @Test("the variant comes from the argument, else from the file, else it is the released one")
    func variant() throws {
        let fuser = try table { _ in }
        #expect(try FuserRecipe.detect(in: fuser).variant == .auralsam2)
        let asked = try FuserRecipe.detect(in: fuser, variant: .online, history: 3)
        #expect(asked.variant == .online && asked.frames == 1 && asked.history == 3)
        #expect(fuser.summary(asked).hasPrefix("online fuser, history of 3 s, audio only (AVS)"))
        #expect(try FuserRecipe.detect(in: fuser, frames: 7).frames == 7)
        let notes = ["fuser.variant": "online", "fuser.heads": "3", "fuser.history": "5"]
        try FuserFixture.withFile(FuserFixture.shapes(FuserFixture.recipe), metadata: notes) { source in
            let noted = try FuserCheckpoint(source)
            let found = try FuserRecipe.detect(in: noted)
            #expect(found.variant == .online && found.heads == 3 && found.history == 5 && found.frames == 1)
            let other = try FuserRecipe.detect(in: noted, variant: .auralsam2, frames: 4, history: 6)
            #expect(other.variant == .auralsam2 && other.history == 6 && other.frames == 4)
        }
    }

    @Test(
        "notes in the file that make no sense are refused with their key",
        arguments: [("fuser.variant", "other"), ("fuser.heads", "5"), ("fuser.heads", "x"), ("fuser.history", "0"), ("fuser.frames", "99")])
    func notes(key: String, value: String) throws {
        try FuserFixture.withFile(FuserFixture.shapes(FuserFixture.recipe), metadata: [key: value]) { source in
            let error = #expect(throws: GraphError.self) { try FuserRecipe.detect(in: FuserCheckpoint(source)) }
            let field = String(key.dropFirst("fuser.".count))
            #expect(error?.description.contains(field) == true && error?.description.hasPrefix(source.label) == true, "\(error?.description ?? "")")
        }
    }

    @Test("matching attention and its slots are seen in the shapes, and belong to the online variant")
    func matching() throws {
        var recipe = FuserFixture.recipe
        (recipe.variant, recipe.frames, recipe.matching) = (.online, 1, FuserRecipe.Matching(slots: 3, size: 7))
        let shapes = FuserFixture.shapes(recipe)
        let fuser = try FuserCheckpoint(ShapeTable("some.pth", shapes))
        #expect(try FuserRecipe.detect(in: fuser, variant: .online) == recipe)
        #expect(try JSONDecoder().decode(FuserRecipe.self, from: JSONEncoder().encode(recipe)) == recipe)
        let wrong = #expect(throws: GraphError.self) { try FuserRecipe.detect(in: fuser) }
        #expect(wrong?.description.contains("matching attention belongs to the online variant") == true)
        let odd = try FuserCheckpoint(ShapeTable("some.pth", shapes.merging(["matching.sound.weight": [22, 12]]) { $1 }))
        let refused = #expect(throws: GraphError.self) { try FuserRecipe.detect(in: odd, variant: .online) }
        #expect(refused?.description.contains("matching.sound.weight") == true)
    }

    @Test("any tensor that inference asks for is missed by name")
    func missing() throws {
        for (name, _) in FuserFixture.recipe.tensors where name != "f_blocks.0.0.attn.sr.weight" {
            let error = #expect(throws: GraphError.self) { try FuserRecipe.detect(in: try table { $0[name] = nil }) }
            #expect(error?.description.contains("key \(name) of the fuser is missing") == true, "\(error?.description ?? name)")
        }
    }

    @Test("no tensor that inference does not ask for is missed")
    func dead() throws {
        let bare = try table { shapes in for name in shapes.keys where FuserRecipe.isDead(name) { shapes[name] = nil } }
        #expect(bare.dead.isEmpty && bare.names.count == FuserFixture.recipe.tensors.count)
        #expect(try FuserRecipe.detect(in: bare) == FuserFixture.recipe)
    }

    @Test("of many that are missing the first few are named")
    func many() throws {
        let gap = #expect(throws: GraphError.self) {
            try FuserRecipe.detect(in: try table { $0["f_blocks.2.3.norm1.weight"] = [12] })
        }
        #expect(gap?.description.contains("keys of the fuser are missing, the first f_blocks.2.1.norm1.weight, ") == true)
        let two = #expect(throws: GraphError.self) {
            try FuserRecipe.detect(in: try table { ($0["smooth_convs.0.bias"], $0["smooth_convs.1.bias"]) = (nil, nil) })
        }
        let both = "smooth_convs.0.bias, smooth_convs.1.bias"
        #expect(two?.description == "some.pth: 2 keys of the fuser are missing, \(both); the checkpoint is incomplete")
    }

    /// A change of one shape, and what the message must name.
    static let odd: [(name: String, shape: [Int], words: String)] = [
        ("f_blocks.1.1.attn.kv.weight", [12, 12], "f_blocks.1.1.attn.kv.weight"), ("fusion_modules.2.W_z.1.running_var", [6], "W_z.1.running_var"),
        ("patch_embeds.0.weight", [12], "too few dimensions"), ("patch_embeds.0.weight", [], "too few dimensions"),
        ("patch_embeds.1.weight", [12, 10, 3, 3], "patchKernels [4, 3, 1]"), ("patch_embeds.0.weight", [10, 10, 4, 4], "width 10 must be twice"),
        ("patch_embeds.0.weight", [.max, 10, 4, 4], "width is"), ("vgg.embeddings.4.weight", [.max, 11], "vggish"),
        ("vgg.features.6.weight", [-1, 3, 3, 3], "vggish"), ("fusion_modules.0.q_frame.weight", [0, 12, 1, 1, 1], "inner is 0"),
        ("f_blocks.0.0.attn.sr.weight", [12, 12, 99, 99], "reduction is 99"), ("a_blocks.0.0.mlp.fc1.weight", [9000, 12], "audioHidden is 9000"),
        ("f_blocks.0.9223372036854775806.norm1.weight", [12], "visualBlocks"), ("a_blocks.0.64.norm1.weight", [12], "audioBlocks [65, 1, 1]"),
        ("text_proj.0.weight", [0, 4], "text.hidden is 0"), ("text_proj.0.weight", [18, 20], "3 keys of the fuser are missing, text_proj.0.bias"),
    ]

    @Test("a shape that does not fit is refused in one line with its name", arguments: odd)
    func refused(name: String, shape: [Int], words: String) throws {
        let error = #expect(throws: GraphError.self) { try FuserRecipe.detect(in: try table { $0[name] = shape }) }
        #expect(error?.description.contains(words) == true && error?.description.hasPrefix("some.pth: ") == true, "\(error?.description ?? "")")
    }

    /// Changes to the released plan that no graph could be built from, and the field that the message must name.
    static let impossible: [(change: @Sendable (inout FuserRecipe) -> Void, field: String)] = [
        ({ $0.inputWidth = 0 }, "inputWidth"), ({ $0.patchKernels = [4, 2] }, "patchKernels"), ({ $0.visualBlocks = [3, 0, 12] }, "visualBlocks"),
        ({ $0.audioBlocks = [3, 3] }, "audioBlocks"), ({ $0.heads = 3 }, "heads"), ({ $0.heads = 0 }, "heads"), ({ $0.reduction = -1 }, "reduction"),
        ({ $0.vggish.convolutions = [] }, "vggish"), ({ $0.vggish.embeddings[2] = 64 }, "width 256"), ({ $0.frames = 0 }, "frames"),
        ({ $0.history = 65 }, "history"), ({ $0.variant = .online }, "takes no words"),
        ({ ($0.variant, $0.text) = (.online, nil) }, "frames is 10"), ({ $0.matching = .init(slots: 2, size: 3) }, "matching attention belongs"),
        ({ $0.matching = .init(slots: 0, size: 3) }, "matching needs"), ({ $0.text?.features = 0 }, "text.features"),
    ]

    @Test("a plan that no graph can be built from is refused with the field's name", arguments: impossible)
    func invalid(change: @Sendable (inout FuserRecipe) -> Void, field: String) throws {
        var recipe = FuserRecipe.officialWithText
        change(&recipe)
        let error = #expect(throws: GraphError.self) { try recipe.validate() }
        #expect(error?.description.contains(field) == true, "\(error?.description ?? "")")
    }
}
