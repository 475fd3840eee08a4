import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

/// The text encoder and the projection against Hugging Face's RobertaModel and PyTorch, with weights from the formula
/// (tools/golden/make-text-golden.py).
@Suite(.serialized, .networks) struct TextEncoderGoldenTests {
    private static let recipe: TextEncoderRecipe = {
        var recipe = TextEncoderRecipe.distilroberta
        (recipe.layers, recipe.width, recipe.hidden, recipe.heads, recipe.vocabulary, recipe.positions) = (2, 64, 160, 2, 1500, 40)
        return recipe
    }()

    private static let fuser: FuserRecipe = {
        var fuser = FuserRecipe.officialWithText
        (fuser.width, fuser.text) = (32, FuserRecipe.Text(features: 64, hidden: 96))
        return fuser
    }()

    private static let hasChecker = TestSettings.run(TestSettings.python, ["-c", "import onnx"])?.status == 0

    @Test(
        "the onnx package's own checker finds nothing wrong in the two graphs",
        .enabled(if: hasChecker, "no Python with the onnx package here; name one in AURALD_TEST_PYTHON"), .timeLimit(.minutes(20)))
    func check() throws {
        let paths = [
            try TestBundle.graph("text-encoder-checked") { try TextEncoder(Self.recipe).build($0) },
            try TestBundle.graph("text-projection-checked") { try TextProjection(Self.fuser).build($0) },
        ]
        let program = "import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)\nprint('checked')"
        let result = try #require(TestSettings.run(TestSettings.python, ["-c", program] + paths))
        #expect(result.status == 0 && result.output.contains("checked"), "\(result.output)")
    }

    @Test("features and projected words of an empty, a short, a foreign and a full expression", .timeLimit(.minutes(20)))
    func golden() throws {
        let golden = try GoldenFile("text/encoder")
        let engine = try TestSettings.engine()
        let encoderPath = try TestBundle.graph("text-encoder") { try TextEncoder(Self.recipe).build($0) }
        let projectionPath = try TestBundle.graph("text-projection") { try TextProjection(Self.fuser).build($0) }
        let encoder = try engine.load(StageFile(name: "text_encoder", path: encoderPath, precision: .float32))
        let projection = try engine.load(StageFile(name: "text_projection", path: projectionPath, precision: .float32))
        var errors: [String] = []
        for index in 0..<4 {
            let ids = Tensor(.int64, [1, 25])
            _ = ids.integers.update(fromContentsOf: try golden.values("\(index).token_ids").map { Int64($0) })
            let mask = Tensor([1, 25], try golden.values("\(index).token_mask"))
            let (features, words) = (Tensor(.float32, [25, 64]), Tensor(.float32, [25, 32]))
            try encoder.run(inputs: [("token_ids", ids), ("token_mask", mask)], outputs: [("text_features", features)])
            try projection.run(inputs: [("text_features", features)], outputs: [("text_tokens", words)])
            for (name, tensor) in [("text_features", features), ("text_tokens", words)] {
                let error = try golden.relativeError("\(index).\(name)", tensor.values)
                #expect(error < 1e-4, "\(index).\(name): \(error)")
                errors.append("\(name) \(error)")
            }
        }
        print("text: \(errors.joined(separator: ", "))")
    }
}
