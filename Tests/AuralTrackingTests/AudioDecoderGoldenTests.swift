import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// The mask decoder with audio prompts, alone, against reference numbers.
@Suite(.networks) struct AudioDecoderGoldenTests {
    @Test("audio alone has no prompt tokens; points come after the output tokens", .timeLimit(.minutes(20)))
    func injection() throws {
        let golden = try GoldenFile("decoder_small")
        let recipe = try #require(NetworkRecipe.official(named: "sam2_hiera_tiny"))
        let bundle = try TestBundle.hearing(recipe, imageSize: 256, fuser: .official)
        let (grid, cells, width) = (16, 256, 256)
        func planes(_ name: String, _ count: Int, _ scale: Double = 1) -> [Float] { SyntheticInput.values("inj.\(name)", count, scale: scale) }
        let fine = planes("high_res_s0", 32 * 64 * 64)
        let middle = planes("high_res_s1", 64 * 32 * 32)
        var inputs: [(name: String, tensor: Tensor)] = [
            (
                "conditioned_embedding",
                Tensor([1, cells, width], SyntheticInput.tokens(planes("pix_feat", width * cells, 1.5), channels: width))
            ),
            ("dense_prompt", Tensor([1, cells, width], (0..<cells).flatMap { _ in bundle.constants.noMaskEmbedding })),
            ("high_res_0", Tensor([1, cells, 16, 32], CellLayout.cells(fine, grid: grid, factor: 4, channels: 32))),
            ("high_res_1", Tensor([1, cells, 4, 64], CellLayout.cells(middle, grid: grid, factor: 2, channels: 64))),
        ]
        for level in 0..<3 {
            inputs.append(("audio_dense_\(level)", Tensor([1, cells, width], planes("V\(level)", cells * width, 1.5))))
            inputs.append(("audio_sparse_\(level)", Tensor([1, width], planes("A\(level)", width, 1.5))))
        }
        let points: (name: String, tensor: Tensor) = ("sparse_prompt", Tensor([1, 3, width], planes("points", 3 * width)))
        for (name, stage, inputs) in [
            ("audio", StageName.audioMaskDecoder, inputs), ("audio_and_points", .audioPromptMaskDecoder, inputs + [points]),
        ] {
            let outputs = [
                ("masks", Tensor(.float32, [1, 4, 64, 64])), ("ious", Tensor(.float32, [1, 4])), ("object_score", Tensor(.float32, [1, 1])),
                ("pointers", Tensor(.float32, [1, 4, width])),
            ]
            try TestSettings.engine().load(StageFile(name: stage.rawValue, path: bundle.path(of: stage), precision: .float32))
                .run(inputs: inputs, outputs: outputs)
            for ((_, tensor), what) in zip(outputs, ["masks", "ious", "score", "obj_ptr_of_tokens"]) {
                let error = try golden.relativeError("decoder.\(name).\(what)", tensor.values)
                #expect(error < 2e-4, "\(name) \(what): \(error)")
            }
        }
    }
}
