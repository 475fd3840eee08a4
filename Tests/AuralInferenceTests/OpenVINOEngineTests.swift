import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite(.serialized, .networks) struct OpenVINOEngineTests {
    private func stage(_ engine: OpenVINOEngine, _ name: StageName, _ precision: Precision = .float32) throws -> any EngineStage {
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        return try engine.load(StageFile(name: name.rawValue, path: bundle.path(of: name), precision: precision))
    }

    private func clicks(_ count: Int) -> [(name: String, tensor: Tensor)] {
        [("point_coords", Tensor(.float32, [1, count, 2])), ("point_labels", Tensor(.int64, [1, count]))]
    }

    @Test("the engine says what it is and what the processor can do")
    func summary() throws {
        let engine = try OpenVINOEngine(OpenVINOEngine.Options(threads: 1))
        #expect(engine.summary.hasPrefix("OpenVINO 20"))
        #expect(engine.summary.hasSuffix("1 threads"))
        #expect(try engine.capabilities().contains("FP32"))
    }

    @Test("a model that is missing or is none names stage and path")
    func badModel() throws {
        let engine = try OpenVINOEngine()
        let broken = try TestBundle.folder("no-model").appending(path: "broken.onnx")
        try Data("this is no protobuf".utf8).write(to: broken)
        for path in ["/nowhere/mask_decoder.onnx", broken.path] {
            let error = #expect(throws: EngineError.self) { try engine.load(StageFile(name: "mask_decoder", path: path, precision: .float32)) }
            #expect(error?.description.contains("mask_decoder") == true)
            #expect(error?.description.contains(path) == true, "\(error?.description ?? "")")
            #expect(error?.exitStatus == .unavailable)
        }
    }

    @Test("a stage runs in the precision that was asked for, or is refused", arguments: Precision.allCases)
    func precision(_ precision: Precision) throws {
        let engine = try OpenVINOEngine()
        if precision == .bfloat16, try !engine.capabilities().contains("BF16") {
            let error = #expect(throws: EngineError.self) { try stage(engine, .promptEncoder, precision) }
            #expect(error?.description.contains("f32") == true)
            return
        }
        let sparse = Tensor(.float32, [1, 3, TestBundle.smallRecipe.modelWidth])
        try stage(engine, .promptEncoder, precision).run(inputs: clicks(3), outputs: [("sparse_prompt", sparse)])
        #expect(sparse.values.contains { $0 != 0 })
        #expect(sparse.values.allSatisfy { $0.isFinite })
    }

    @Test("the layers of later runs are told without what the first one took, where the engine was told to measure them")
    func layers() throws {
        let width = TestBundle.smallRecipe.modelWidth
        func run(_ stage: any EngineStage, _ count: Int) throws {
            try stage.run(inputs: clicks(count), outputs: [("sparse_prompt", Tensor(.float32, [1, count, width]))])
        }
        let measured = try stage(OpenVINOEngine(OpenVINOEngine.Options(threads: 1, profiles: true)), .promptEncoder)
        #expect(try measured.layerProfile().runs == 0)
        try run(measured, 200_000)
        let first = try measured.layerProfile()
        for _ in 0..<3 { try run(measured, 2) }
        let later = try measured.layerProfile().since(first)
        #expect(first.runs == 1 && later.runs == 3)
        func microseconds(_ profile: LayerProfile) -> Int64 { profile.layers.reduce(0) { $0 + $1.microseconds } }
        // A hundred thousand times as many clicks; OpenVINO's own means of all four runs are a quarter of the first.
        #expect(microseconds(first) > 0 && microseconds(later) * 10 < microseconds(first), "\(first) \(later)")

        let plain = try stage(OpenVINOEngine(), .promptEncoder)
        try run(plain, 2)
        #expect(try plain.layerProfile() == LayerProfile())
    }

    @Test("a tensor of the wrong shape, type or name is refused with stage and tensor, and the stage still runs afterwards")
    func wrongTensors() throws {
        let width = TestBundle.smallRecipe.modelWidth
        let stage = try stage(OpenVINOEngine(), .promptEncoder)
        let sparse = Tensor(.float32, [1, 2, width])
        func refused(_ tensor: String, _ inputs: [(name: String, tensor: Tensor)]) {
            let error = #expect(throws: EngineError.self) { try stage.run(inputs: inputs, outputs: [("sparse_prompt", sparse)]) }
            #expect(error?.description.contains("prompt_encoder") == true, "\(error?.description ?? "")")
            #expect(error?.description.contains(tensor) == true, "\(error?.description ?? "")")
        }
        let right = clicks(2)
        refused("point_coords", [("point_coords", Tensor(.float32, [1, 2, 3])), right[1]])
        refused("point_coords", [("point_coords", Tensor(.float32, [4])), right[1]])
        refused("point_labels", [right[0], ("point_labels", Tensor(.float32, [1, 2]))])
        refused("point_colours", [right[0], ("point_colours", right[1].tensor)])
        let error = #expect(throws: EngineError.self) {
            try stage.run(inputs: right, outputs: [("sparse_prompt", Tensor(.float32, [1, 2, width + 1]))])
        }
        #expect(error?.description.contains("sparse_prompt") == true)
        try stage.run(inputs: right, outputs: [("sparse_prompt", sparse)])
    }

    @Test("compiled graphs are kept in the cache folder, and give the same numbers")
    func cache() throws {
        let folder = TestBundle.directory.appending(path: "cache-test").path
        var results: [[Float]] = []
        for _ in 0..<2 {
            let engine = try OpenVINOEngine(OpenVINOEngine.Options(cacheDirectory: folder))
            let sparse = Tensor(.float32, [1, 2, TestBundle.smallRecipe.modelWidth])
            try stage(engine, .promptEncoder).run(inputs: clicks(2), outputs: [("sparse_prompt", sparse)])
            results.append(sparse.values)
            #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
        #expect(results[0] == results[1])
    }

    @Test("a cache folder that cannot be made does not stop the engine or is reported, but never traps")
    func badCache() throws {
        let engine = try OpenVINOEngine(OpenVINOEngine.Options(cacheDirectory: "/proc/nowhere"))
        do {
            let sparse = Tensor(.float32, [1, 2, TestBundle.smallRecipe.modelWidth])
            try stage(engine, .promptEncoder).run(inputs: clicks(2), outputs: [("sparse_prompt", sparse)])
            #expect(sparse.values.allSatisfy { $0.isFinite })
        } catch let error as EngineError {
            #expect(error.description.contains("prompt_encoder"))
        }
    }
}
