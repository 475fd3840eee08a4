import AuralCore
import AuralGraph
import AuralInference
import AuralTesting
import Testing

@testable import AuralNetworks

/// The parts of AuralFuser alone, against the official implementation's numbers.
@Suite(.serialized, .networks) struct FuserModuleTests {
    private func golden() throws -> GoldenFile { try GoldenFile("fuser_toy") }

    private func run(_ path: String, _ inputs: [(name: String, tensor: Tensor)], _ outputs: [(name: String, tensor: Tensor)]) throws {
        try TestSettings.engine().load(StageFile(name: "probe", path: path, precision: .float32)).run(inputs: inputs, outputs: outputs)
    }

    /// Builds and runs a fusion module; returns V, A, Z and Z2.
    private func fuse(
        _ name: String, _ recipe: FuserRecipe, weights: any WeightSource, key: String, frames: [Float], audio: [Float], cells: Int, audioWidth: Int
    ) throws -> [Tensor] {
        let (count, rows) = (frames.count / (cells * recipe.width), audio.count / audioWidth)
        let path = try TestBundle.graph(name, weights: weights) { graph in
            let x = graph.input("x", .float32, [.fixed(count), .fixed(cells), .fixed(recipe.width)])
            let d = graph.input("d", .float32, [.fixed(rows), .fixed(audioWidth)])
            let fused = try FusionModule(recipe, graph, key: key, audioWidth: audioWidth).fuse(visual: x, audio: d)
            for (name, value) in [("V", fused.visual), ("A", fused.audio), ("Z", fused.visualUpdate), ("Z2", fused.audioUpdate)] {
                graph.output(value, name)
            }
        }
        let maps = (0..<2).map { _ in Tensor(.float32, [count, cells, recipe.width]) }
        let tokens = (0..<2).map { _ in Tensor(.float32, [rows, recipe.width]) }
        try run(
            path, [("x", Tensor([count, cells, recipe.width], frames)), ("d", Tensor([rows, audioWidth], audio))],
            [("V", maps[0]), ("A", tokens[0]), ("Z", maps[1]), ("Z2", tokens[1])])
        return [maps[0], tokens[0], maps[1], tokens[1]]
    }

    private func planes(_ tensor: Tensor) -> [Float] {
        let size = tensor.shape[1] * tensor.shape[2]
        return (0..<tensor.shape[0]).flatMap {
            SyntheticInput.planes(tensor.values[($0 * size)..<(($0 + 1) * size)], channels: tensor.shape[2])
        }
    }

    @Test("a small fusion module, with weights from the file", .timeLimit(.minutes(20)), arguments: [("avs", 5), ("ref", 7)])
    func toy(_ name: String, _ rows: Int) throws {
        let golden = try golden()
        var recipe = FuserRecipe.official
        (recipe.width, recipe.inner) = (16, 8)
        let weights = try SafetensorsFile(path: #require(GoldenFile.path("fuser_toy.safetensors")))
        let results = try fuse(
            "fusion-toy-\(name)", recipe, weights: weights, key: "toy16.weight", frames: golden.values("toy16.frame"),
            audio: golden.values("toy16.audio\(rows)"), cells: 64, audioWidth: 256)
        for (tensor, what) in zip(results, ["V", "A", "Z", "Z2"]) {
            let error = try golden.relativeError("toy16.\(name).\(what)", what == "Z" ? planes(tensor) : tensor.values)
            #expect(error < 1e-4, "\(what): \(error)")
        }
    }

    @Test("a fusion module of the official widths on two small frames", .timeLimit(.minutes(20)), arguments: [("avs", 2), ("ref", 27)])
    func official(_ name: String, _ rows: Int) throws {
        let golden = try golden()
        let results = try fuse(
            "fusion-w256-\(name)", .official, weights: SyntheticWeights(), key: "fusion_modules.0",
            frames: SyntheticInput.values("w256.frame", 2 * 256 * 256, scale: 1.5),
            audio: SyntheticInput.values("w256.audio\(rows)", rows * 256, scale: 1.5), cells: 256, audioWidth: 256)
        for (tensor, what) in zip(results, ["V", "A", "Z", "Z2"]) {
            let error = try golden.relativeError("w256.\(name).\(what)", what == "Z" ? planes(tensor) : tensor.values)
            #expect(error < 1e-4, "\(what): \(error)")
        }
    }

    @Test("a visual and an audio block", .timeLimit(.minutes(20)))
    func blocks() throws {
        let golden = try golden()
        let path = try TestBundle.graph("fuser-blocks") { graph in
            let blocks = FuserBlocks(recipe: .official, graph: graph, grid: 16)
            graph.output(try blocks.visual(graph.input("x", .float32, [2, 256, 256]), "f_blocks.0.0"), "visual")
            graph.output(try blocks.audio(graph.input("d", .float32, [1, 7, 256]), "a_blocks.0.0"), "audio")
        }
        let (visual, audio) = (Tensor(.float32, [2, 256, 256]), Tensor(.float32, [1, 7, 256]))
        try run(
            path,
            [
                ("x", Tensor([2, 256, 256], SyntheticInput.values("vblock.in", 2 * 256 * 256, scale: 1.5))),
                ("d", Tensor([1, 7, 256], SyntheticInput.values("ablock.in", 7 * 256, scale: 1.5))),
            ], [("visual", visual), ("audio", audio)])
        let errors = try (golden.relativeError("vblock.out", visual.values), golden.relativeError("ablock.out", audio.values))
        #expect(errors.0 < 1e-4 && errors.1 < 1e-4, "\(errors)")
    }

    @Test("VGGish's features of five seconds of sound", .timeLimit(.minutes(20)))
    func vggish() throws {
        let golden = try GoldenFile("audio_a5s")
        let path = try TestBundle.graph("vggish") { try VGGish(.official).build($0) }
        let features = Tensor(.float32, [5, 256])
        try run(path, [("log_mel", Tensor([5, 2, 96, 64], golden.values("logmel")))], [("audio_features", features)])
        let error = try golden.relativeError("vggish_d0", features.values)
        #expect(error < 1e-4, "\(error)")
    }
}
