import AuralCore
import AuralGraph
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite struct NetworkRecipeTests {
    @Test("an official network is recognised by its keys and shapes", arguments: NetworkRecipe.official)
    func official(_ recipe: NetworkRecipe) throws {
        #expect(try NetworkRecipe.detect(in: ShapeTable(official: recipe.name)) == recipe)
        #expect(throws: Never.self) { try recipe.validate() }
        #expect(NetworkRecipe.official(named: recipe.name) == recipe)
        #expect(try JSONDecoder().decode(NetworkRecipe.self, from: JSONEncoder().encode(recipe)) == recipe)
    }

    @Test("there are eight official networks, and no other name is one")
    func names() throws {
        #expect(Set(NetworkRecipe.official.map(\.name)) == Set(try ShapeTable.official().keys.filter { $0.hasPrefix("sam2") }))
        #expect(NetworkRecipe.official(named: "sam3_hiera_tiny") == nil)
    }

    @Test(
        "a checkpoint that lacks a key is refused with the key's name",
        arguments: [
            "image_encoder.trunk.patch_embed.proj.weight", "image_encoder.trunk.pos_embed", "image_encoder.neck.convs.0.conv.weight",
            "memory_encoder.out_proj.weight", "maskmem_tpos_enc", "memory_attention.layers.0.linear1.weight",
            "sam_mask_decoder.transformer.layers.0.mlp.layers.0.weight", "sam_mask_decoder.iou_prediction_head.layers.0.weight",
            "sam_prompt_encoder.mask_downscaling.3.weight",
        ])
    func missing(_ key: String) throws {
        var shapes = try #require(try ShapeTable.official()["sam2.1_hiera_tiny"])
        shapes[key] = nil
        let error = #expect(throws: GraphError.self) { try NetworkRecipe.detect(in: ShapeTable("broken.pt", shapes)) }
        #expect(error?.description.contains(key) == true)
        #expect(error?.description.hasPrefix("broken.pt") == true)
        #expect(error?.exitStatus == .dataError)
    }

    @Test("an empty checkpoint, one dimension too few and a trunk of unknown size are refused")
    func odd() throws {
        #expect(throws: GraphError.self) { try NetworkRecipe.detect(in: ShapeTable("empty.pt", [:])) }
        var shapes = try #require(try ShapeTable.official()["sam2.1_hiera_tiny"])
        shapes["image_encoder.trunk.pos_embed"] = [96, 7]
        #expect(throws: GraphError.self) { try NetworkRecipe.detect(in: ShapeTable("flat.pt", shapes)) }

        shapes["image_encoder.trunk.pos_embed"] = [1, 96, 8, 8]
        var error = #expect(throws: GraphError.self) { try NetworkRecipe.detect(in: ShapeTable("grid.pt", shapes)) }
        #expect(error?.description.contains("--recipe") == true)

        shapes = try #require(try ShapeTable.official()["sam2.1_hiera_tiny"])
        for key in shapes.keys where key.hasPrefix("image_encoder.trunk.blocks.11.") { shapes[key] = nil }
        error = #expect(throws: GraphError.self) { try NetworkRecipe.detect(in: ShapeTable("short.pt", shapes)) }
        #expect(error?.description.contains("stages [1, 2, 7, 1]") == true)
    }

    /// Changes to the official tiny network that no graph could be built from, and the field that the message must name.
    static let impossible: [(change: @Sendable (inout NetworkRecipe) -> Void, field: String)] = [
        ({ $0.trunk.embedDim = 0 }, "trunk.embedDim"), ({ $0.modelWidth = 9000 }, "modelWidth"), ({ $0.memoryWidth = -64 }, "memoryWidth"),
        ({ $0.decoderHidden = 0 }, "decoderHidden"), ({ $0.memoryAttentionHidden = .max }, "memoryAttentionHidden"),
        ({ $0.iouHidden = 0 }, "iouHidden"),
        ({ $0.trunk.stages = [1, 2, 7] }, "trunk.stages"), ({ $0.trunk.stages = [1, 0, 7, 2] }, "trunk.stages"),
        ({ $0.trunk.stages = [1, 2, 999, 2] }, "trunk.stages"), ({ $0.trunk.windows = [8, 4, 14] }, "trunk.windows"),
        ({ $0.trunk.windows = [8, 4, 14, 0] }, "trunk.windows"), ({ $0.trunk.windows = [8, 5, 14, 7] }, "trunk.windows"),
        ({ $0.trunk.windows = [8, 4, 128, 7] }, "trunk.windows"), ({ $0.trunk.heads = 0 }, "trunk.heads"), ({ $0.trunk.heads = 5 }, "trunk.heads"),
        ({ $0.trunk.positionGrid = 0 }, "trunk.positionGrid"), ({ $0.modelWidth = 252 }, "modelWidth"), ({ $0.memoryWidth = 48 }, "memoryWidth"),
        ({ $0.memoryWidth = 2 }, "memoryWidth"), ({ $0.memoryWidth = 1 }, "memoryWidth"),
        ({ $0.decoderHeads = 7 }, "decoderHeads"), ({ $0.decoderHeads = 0 }, "decoderHeads"), ({ $0.memoryFrames = 0 }, "memoryFrames"),
        ({ $0.maximumPointers = 65 }, "maximumPointers"), ({ $0.memoryAttentionLayers = 0 }, "memoryAttentionLayers"),
        ({ $0.decoderLayers = 17 }, "decoderLayers"), ({ $0.memoryFuserLayers = -1 }, "memoryFuserLayers"),
        ({ $0.maskPromptWidth = 6 }, "maskPromptWidth"),
        ({ $0.topDownLevels = [4] }, "topDownLevels"), ({ $0.topDownLevels = [-1] }, "topDownLevels"),
    ]

    @Test("a plan that no graph can be built from is refused with the field's name", arguments: impossible.indices)
    func invalid(_ index: Int) throws {
        var recipe = try #require(NetworkRecipe.official(named: "sam2.1_hiera_tiny"))
        Self.impossible[index].change(&recipe)
        let error = #expect(throws: GraphError.self) { try recipe.validate() }
        #expect(error?.description.contains(Self.impossible[index].field) == true, "\(error?.description ?? "")")
    }

    @Test("a recipe file is read, and one that is missing, broken or impossible is refused with its path and key")
    func file() throws {
        let folder = try TestBundle.folder("recipes")
        let path = folder.appending(path: "recipe.json")
        try JSONEncoder().encode(TestBundle.smallRecipe).write(to: path)
        #expect(try NetworkRecipe(file: path.path) == TestBundle.smallRecipe)

        var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
        func refused(_ text: String, _ change: (inout [String: Any]) -> Void) throws {
            var changed = object
            change(&changed)
            let broken = folder.appending(path: "broken.json")
            try JSONSerialization.data(withJSONObject: changed).write(to: broken)
            let error = #expect(throws: GraphError.self) { try NetworkRecipe(file: broken.path) }
            #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
        }
        try refused("memoryWidth is missing") { $0["memoryWidth"] = nil }
        try refused("broken.json") { $0["memoryWidth"] = "wide" }
        try refused("trunk.windows") { object in
            var trunk = object["trunk"] as? [String: Any]
            trunk?["windows"] = nil
            object["trunk"] = trunk
        }
        try refused("trunk.windows") { object in
            var trunk = object["trunk"] as? [String: Any]
            trunk?["windows"] = [7, 7, 7, 7]
            object["trunk"] = trunk
        }
        object = [:]
        try Data("not JSON".utf8).write(to: path)
        #expect(throws: GraphError.self) { try NetworkRecipe(file: path.path) }
        let error = #expect(throws: GraphError.self) { try NetworkRecipe(file: "/nowhere/recipe.json") }
        #expect(error?.exitStatus == .noInput)
    }
}
