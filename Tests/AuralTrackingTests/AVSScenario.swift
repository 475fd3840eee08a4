import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// Plays a golden clip with sound through the real engine and compares every number that the case holds.
final class AVSScenario {
    let golden: GoldenFile
    let model: SegmentationModel
    let tracker: AVSTracker
    private let size: Int
    private let engine: any Engine
    private let memoryProbe: any EngineStage
    private var worst: [String: Double] = [:]

    init(_ name: String, network: String, size: Int, fuser: FuserRecipe) throws {
        golden = try GoldenFile(name)
        self.size = size
        let recipe = try #require(NetworkRecipe.official(named: network))
        let bundle = try TestBundle.hearing(recipe, imageSize: size, fuser: fuser, salt: golden.metadata["fuser_salt"] ?? "")
        engine = try TestSettings.engine()
        model = try SegmentationModel(bundle, engine: engine, precision: .float32)
        tracker = try AVSTracker(model)
        let path = try TestBundle.graph("memory-\(network)-\(size)") {
            try MemoryEncoder(recipe, imageSize: size, enlargesMask: false).build($0)
        }
        memoryProbe = try engine.load(StageFile(name: "memory_encoder", path: path, precision: .float32))
    }

    /// Runs the clip. `forced`: the memories that later frames see are made of the reference's masks and pointers.
    func run(forced: Bool) throws {
        worst = [:]
        let words: [Float] = try model.fuser?.text == nil ? [] : model.textTokens(SyntheticInput.values("text", 25 * 768, scale: 1))
        try tracker.run(logMel: Array(golden.values("logmel").prefix(tracker.clipFrames * 2 * 96 * 64)), words: words) {
            try ClipPicture.load($0, of: golden, into: model.image)
        } body: { frame, result in
            let key = "f\(frame)"
            #expect(result.best == Int(try golden.values("\(key).best")[0]), "\(key).best")
            if forced || frame == tracker.conditioningFrame {
                try checkMasks(key, result)
                try check("\(key).ious", result.ious)
                try check("\(key).object_score", [result.objectScore])
                try check("\(key).obj_ptr", result.pointer)
                try check("\(key).pix_feat", SyntheticInput.planes(result.conditioned.values, channels: model.recipe.modelWidth))
            } else {
                for (iou, expected) in zip(result.ious, try golden.values("\(key).ious")) { #expect(abs(iou - expected) < 0.1) }
            }
            try compareMask(frame, result, forced: forced)
            if forced { try force(frame, result) }
        }
        print(
            "\(golden.metadata["case"] ?? "") forced \(forced): \(worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))"
        )
    }

    private func force(_ frame: Int, _ result: AVSTracker.Frame) throws {
        let logits = try golden.bits("f\(frame).mask_\(size)").map { Float($0) * 2 - 1 }
        let memory = Tensor(.float32, [model.cells, model.recipe.memoryWidth])
        try tracker.encode(frame, with: memoryProbe, Tensor([1, 1, size, size], logits), into: memory)
        let key = "f\(frame).maskmem"
        let error = try golden.relativeError(key, SyntheticInput.planes(memory.values, channels: memory.shape[1]))
        #expect(error < 1e-3, "\(key): \(error)")
        worst["maskmem"] = max(worst["maskmem"] ?? 0, error)
        tracker.replaceMemory(of: frame, memory: memory, pointer: try golden.values("f\(frame).obj_ptr"))
    }

    /// Some cases hold all three masks, others only the best.
    private func checkMasks(_ key: String, _ result: AVSTracker.Frame) throws {
        let maps = result.masks.values
        guard !golden.names.contains(where: { $0.hasPrefix("\(key).low_res_multi") }) else { return try check("\(key).low_res_multi", maps) }
        let count = maps.count / result.ious.count
        try check("\(key).low_res", maps[(result.best * count)..<((result.best + 1) * count)])
    }

    private func check(_ name: String, _ values: some Collection<Float>) throws {
        let error = try golden.relativeError(name, values)
        #expect(error < 1e-3, "\(name): \(error)")
        let kind = String(name.split(separator: ".").last ?? "")
        worst[kind] = max(worst[kind] ?? 0, error)
    }

    private func compareMask(_ frame: Int, _ result: AVSTracker.Frame, forced: Bool) throws {
        let side = size / 4
        let map = result.masks.values[(result.best * side * side)..<((result.best + 1) * side * side)]
        let mask = SyntheticInput.enlarged(map, from: side, toWidth: size, toHeight: size).map { $0 > 0 }
        let expected = try golden.bits("f\(frame).mask_\(size)").map { $0 == 1 }
        let pairs = zip(mask, expected)
        let (both, either, different) = (pairs.count { $0 && $1 }, pairs.count { $0 || $1 }, pairs.count { $0 != $1 })
        if forced || frame == tracker.conditioningFrame {
            #expect(different <= max(size * size / 10_000, 2), "f\(frame): \(different) pixels differ")
        } else {
            #expect(Double(both) / Double(max(either, 1)) >= (model.fuser?.text == nil && size == 1024 ? 0.98 : 0.95), "f\(frame)")
        }
        worst["pixels"] = max(worst["pixels"] ?? 0, Double(different))
    }
}
