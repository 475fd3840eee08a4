import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// A model with synthetic weights whose fuser is compared with a golden file, level by level.
final class FuserProbe {
    let golden: GoldenFile
    let model: SegmentationModel
    let fuser: AudioFuser
    private let steps: any EngineStage
    private var worst: [String: Double] = [:]

    init(_ golden: GoldenFile, network: String, size: Int, recipe: FuserRecipe) throws {
        self.golden = golden
        let salt = golden.metadata["fuser_salt"] ?? ""
        let network = try #require(NetworkRecipe.official(named: network))
        let engine = try TestSettings.engine()
        model = try SegmentationModel(
            TestBundle.hearing(network, imageSize: size, fuser: recipe, salt: salt), engine: engine, precision: .float32)
        fuser = try #require(AudioFuser(model))
        let name = "fuser-steps-\(recipe.variant.rawValue)-\(recipe.frames)-\(recipe.hasText)-\(size)"
        let path = try TestBundle.graph(name, weights: SyntheticWeights(salt: salt)) {
            try AuralFuser(recipe, imageSize: size, extras: [.steps]).build($0)
        }
        steps = try engine.load(StageFile(name: "fuser", path: path, precision: .float32))
    }

    /// Encodes a frame of the case, or of the reference clip.
    func encode(_ frame: Int) throws {
        try ClipPicture.load(frame, of: golden, into: model.image)
        try model.encodeImage()
    }

    /// Compares the last run's prompts, and everything between that the case holds.
    func compare(_ prefix: String, rows: [Float], ages: [Int]) throws {
        let (width, cells, count) = (fuser.recipe.width, model.cells, rows.count / fuser.recipe.width)
        let frames = fuser.recipe.frames
        var outputs: [(name: String, tensor: Tensor)] = []
        for level in 0..<3 {
            for name in ["visual_before", "visual_update", "dense"] {
                outputs.append(("\(name)_\(level)", Tensor(.float32, [frames, cells, width])))
            }
            for name in ["audio_before", "audio_update", "sparse"] { outputs.append(("\(name)_\(level)", Tensor(.float32, [count, width]))) }
        }
        var inputs: [(name: String, tensor: Tensor)] = [
            ("frame_tokens", fuser.frames[0]), ("patch_1", fuser.frames[1]), ("patch_2", fuser.frames[2]), ("audio", Tensor([count, width], rows)),
        ]
        if !ages.isEmpty {
            let tensor = Tensor(.int64, [count])
            for (row, age) in ages.enumerated() { tensor.integers[row] = Int64(age) }
            inputs.append(("ages", tensor))
        }
        try steps.run(inputs: inputs, outputs: outputs)
        let values = Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.tensor.values) })
        for level in 0..<3 {
            func computed(_ name: String) -> [Float] { values["\(name)_\(level)"] ?? [] }
            try check("\(prefix)X_before_fusion\(level)", computed("visual_before"))
            try check("\(prefix)d_before_fusion\(level)", computed("audio_before"))
            let size = cells * width
            let update = computed("visual_update")
            try check(
                "\(prefix)Z\(level)",
                (0..<frames).flatMap { SyntheticInput.planes(update[($0 * size)..<(($0 + 1) * size)], channels: width) })
            try check("\(prefix)Z2_\(level)", computed("audio_update"))
            // What the bundle's own stage wrote, and what the probe did.
            try check("\(prefix)V\(level)", fuser.dense[level].values)
            try check("\(prefix)V\(level)", computed("dense"))
            try check("\(prefix)A\(level)", Array(fuser.sparse[level].values.prefix(count * width)))
        }
    }

    /// Decodes the frame without memory and with the prompts of place 0, row 0.
    func compareDecoder(_ frame: Int) throws {
        let side = model.maskSide
        let decoder = DecoderBuffers(model)
        model.addNoMemory(model.embedding, to: decoder.conditioned)
        try model.run(
            .audioMaskDecoder,
            [
                ("conditioned_embedding", decoder.conditioned), ("dense_prompt", model.noMask), ("high_res_0", model.highResolution0),
                ("high_res_1", model.highResolution1),
            ] + fuser.prompts(place: 0, row: 0).inputs,
            [("masks", decoder.masks), ("ious", decoder.ious), ("object_score", decoder.objectScore), ("pointers", decoder.pointers)])
        try check("f\(frame).low_res_multi", decoder.masks.view([3, side, side], offset: side * side).values)
        try check("f\(frame).ious", Array(decoder.ious.values[1...]))
        try check("f\(frame).object_score", decoder.objectScore.values)
    }

    /// Expects values to agree.
    func check(_ name: String, _ values: [Float]) throws {
        let error = try golden.relativeError(name, values)
        #expect(error < 1e-3, "\(name): \(error)")
        let kind = String(name.split(separator: ".").last ?? "")
        worst[kind] = max(worst[kind] ?? 0, error)
    }

    /// One line with the worst errors.
    func report() {
        print("\(golden.metadata["case"] ?? ""): \(worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
    }
}
