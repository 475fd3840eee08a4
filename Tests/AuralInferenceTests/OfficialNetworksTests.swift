import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@Suite(.serialized, .networks) struct OfficialNetworksTests {
    /// Tensors of the official checkpoints that tracking does not need: the codes that 2.1 leaves unused, and those that upstream never reads.
    static let unneeded: Set<String> = ["no_mem_pos_enc"]

    @Test(
        "all stages of the official networks build from their own keys and shapes, and leave no tensor unused", .timeLimit(.minutes(20)),
        arguments: NetworkRecipe.official)
    func keys(_ recipe: NetworkRecipe) throws {
        let table = try ShapeTable(official: recipe.name)
        for stage in StageName.sam2 {
            let graph = GraphBuilder(name: stage.rawValue, weights: table, store: MemoryWeightStore())
            try stage.build(graph, ModelParts(recipe, imageSize: 256, weights: table))
            #expect(try !graph.serialized().isEmpty)
        }
        let constants = try ModelConstants(table, recipe)
        #expect(constants.pointerTimeMatrix.isEmpty == !recipe.encodesPointerTime)
        #expect(Set(table.unused).subtracting(Self.unneeded) == [])
    }

    @Test("a checkpoint with a tensor of another shape is refused with the key's name")
    func shape() throws {
        let recipe = try #require(NetworkRecipe.official(named: "sam2.1_hiera_tiny"))
        var shapes = try #require(try ShapeTable.official()[recipe.name])
        shapes["memory_encoder.pix_feat_proj.weight"] = [256, 256]
        let weights = ShapeTable("odd.pt", shapes)
        let graph = GraphBuilder(name: "memory_encoder", weights: weights, store: MemoryWeightStore())
        let parts = try ModelParts(recipe, imageSize: 256, weights: weights)
        let error = #expect(throws: CheckpointError.self) { try StageName.memoryEncoder.build(graph, parts) }
        #expect(error?.description.contains("memory_encoder.pix_feat_proj.weight") == true)
    }

    @Test("every image size that is a multiple of 32 gives finite features", .timeLimit(.minutes(20)), arguments: [256, 352, 480, 1024])
    func imageSizes(_ size: Int) throws {
        let recipe = TestBundle.smallRecipe
        let bundle = try TestBundle.synthetic(recipe, imageSize: size)
        let stage = try TestSettings.engine().load(StageFile(name: "image_encoder", path: bundle.path(of: .imageEncoder), precision: .float32))
        let image = Tensor(.uint8, [1, size, size, 3])
        try ReferenceClip.load(frame: 0, into: image)
        let (cells, width) = ((size / 16) * (size / 16), recipe.modelWidth)
        let outputs = [
            ("image_embedding", Tensor(.float32, [1, cells, width])), ("high_res_1", Tensor(.float32, [1, cells, 4, width / 4])),
            ("high_res_0", Tensor(.float32, [1, cells, 16, width / 8])),
        ]
        try stage.run(inputs: [("image", image)], outputs: outputs)
        for (name, tensor) in outputs {
            #expect(tensor.values.allSatisfy { $0.isFinite }, "\(name)")
            #expect(Set(tensor.values.prefix(1000)).count > 100, "\(name) is the same everywhere")
        }
    }
}
