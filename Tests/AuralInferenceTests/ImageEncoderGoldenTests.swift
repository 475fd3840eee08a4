import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@Suite(.serialized, .networks) struct ImageEncoderGoldenTests {
    @Test("SAM 2.1 tiny at 512: every block and the bundle's outputs agree with the official encoder", .timeLimit(.minutes(20)))
    func tiny512() throws {
        try compareBlocks("sam2.1_hiera_tiny", 512, "enc_sam21_tiny_512")
        let bundle = try TestBundle.synthetic("sam2.1_hiera_tiny", imageSize: 512)
        try compareOutputs(bundle.path(of: .imageEncoder), bundle.manifest.network, 512, "enc_sam21_tiny_512")
    }

    @Test("SAM 2.1 tiny at 1024: the bundle's outputs agree with the official encoder", .timeLimit(.minutes(20)))
    func tiny1024() throws {
        let bundle = try TestBundle.synthetic("sam2.1_hiera_tiny", imageSize: 1024)
        try compareOutputs(bundle.path(of: .imageEncoder), bundle.manifest.network, 1024, "enc_sam21_tiny_1024")
        if TestSettings.runsEverything { try compareBlocks("sam2.1_hiera_tiny", 1024, "enc_sam21_tiny_1024") }
    }

    @Test(
        "larger networks at 1024 agree with the official encoder, block by block",
        .enabled(if: TestSettings.runsEverything, "takes minutes: set AURALD_TEST_ALL=1"), .timeLimit(.minutes(20)),
        arguments: [("sam2.1_hiera_base_plus", "enc_sam21_base_plus_1024"), ("sam2_hiera_large", "enc_sam20_large_1024")])
    func large1024(_ network: String, _ golden: String) throws {
        guard GoldenFile.path("\(golden).safetensors") != nil else {
            print("\(golden): skipped, the file is kept beside the package and is not at hand")
            return
        }
        try compareBlocks(network, 1024, golden)
        let recipe = try #require(NetworkRecipe.official(named: network))
        let path = try TestBundle.graph("\(network)-1024-encoder") { try ImageEncoder(recipe, imageSize: 1024).build($0) }
        try compareOutputs(path, recipe, 1024, golden)
    }

    /// Runs the encoder with everything exposed and compares patch embedding, positions, blocks and the neck's maps.
    private func compareBlocks(_ network: String, _ size: Int, _ golden: String) throws {
        let reference = try GoldenFile(golden)
        let recipe = try #require(NetworkRecipe.official(named: network))
        let path = try TestBundle.graph("\(network)-\(size)-probe") {
            try ImageEncoder(recipe, imageSize: size, extras: [.blocks, .pyramid]).build($0)
        }
        let side = size / 4
        var outputs = folded(recipe, size)
        for level in 0...2 { outputs.append(("pyramid_\(level)", Tensor(.float32, [1, side >> level, side >> level, recipe.modelWidth]))) }
        for name in ["patch_embed", "tokens_with_pos"] { outputs.append((name, Tensor(.float32, [1, side, side, recipe.trunk.embedDim]))) }
        for block in recipe.trunk.blocks {
            outputs.append(("block\(block.index)", Tensor(.float32, [1, side >> block.stage, side >> block.stage, block.outputWidth])))
        }
        try run(path, size, outputs)
        var worst = 0.0
        for (name, tensor) in outputs.dropFirst(3) {
            let isMap = name.hasPrefix("pyramid")
            let error = try reference.relativeError(
                isMap ? "fpn\(name.suffix(1))" : name, isMap ? SyntheticInput.planes(tensor.values, channels: recipe.modelWidth) : tensor.values)
            #expect(error < 1e-4, "\(golden) \(name): \(error)")
            worst = max(worst, error)
        }
        print("\(golden): \(outputs.count - 3) maps, worst error \(worst)")
    }

    /// Runs the encoder as a bundle has it, with the neck and the decoder's convolutions folded into one, and compares its three outputs.
    private func compareOutputs(_ path: String, _ recipe: NetworkRecipe, _ size: Int, _ golden: String) throws {
        let reference = try GoldenFile(golden)
        let outputs = folded(recipe, size)
        try run(path, size, outputs)
        let (grid, width) = (size / 16, recipe.modelWidth)
        let values = [
            ("fpn2", SyntheticInput.planes(outputs[0].tensor.values, channels: width)),
            ("fpn1_conv_s1", planes(outputs[1].tensor, grid: grid, factor: 2, channels: width / 4)),
            ("fpn0_conv_s0", planes(outputs[2].tensor, grid: grid, factor: 4, channels: width / 8)),
        ]
        var errors: [String] = []
        for (name, planes) in values {
            let error = try reference.relativeError(name, planes)
            #expect(error < 1e-4, "\(golden) \(name): \(error)")
            errors.append("\(name) \(error)")
        }
        print("\(golden): \(errors.joined(separator: ", "))")
    }

    private func folded(_ recipe: NetworkRecipe, _ size: Int) -> [(name: String, tensor: Tensor)] {
        let (cells, width) = ((size / 16) * (size / 16), recipe.modelWidth)
        return [
            ("image_embedding", Tensor(.float32, [1, cells, width])), ("high_res_1", Tensor(.float32, [1, cells, 4, width / 4])),
            ("high_res_0", Tensor(.float32, [1, cells, 16, width / 8])),
        ]
    }

    private func run(_ path: String, _ size: Int, _ outputs: [(name: String, tensor: Tensor)]) throws {
        let stage = try TestSettings.engine().load(StageFile(name: "image_encoder", path: path, precision: .float32))
        let image = Tensor(.uint8, [1, size, size, 3])
        try ReferenceClip.loadResized(into: image)
        try stage.run(inputs: [("image", image)], outputs: outputs)
    }

    /// Finer pixels of each cell, [grid², factor², C] with the bits of row and column alternating from the coarsest, as planes [C, H, W].
    private func planes(_ tensor: Tensor, grid: Int, factor: Int, channels: Int) -> [Float] {
        CellLayout.planes(tensor.values, grid: grid, factor: factor, channels: channels)
    }
}
