import AuralCore
import AuralInference
import AuralTesting
import AuralTracking
import Foundation
import Testing

/// Plays a golden tracking case through the real engine and compares every number that the case holds.
struct TrackingScenario {
    let golden: GoldenFile
    let tracker: OnlineTracker
    let model: SegmentationModel
    let size: Int
    var worst: [String: Double] = [:]

    init(_ name: String, network: String, size: Int, options: TrackerOptions, objectScoreShift: Float = 0) throws {
        golden = try GoldenFile(name)
        self.size = size
        let bundle = try TestBundle.synthetic(network, imageSize: size, objectScoreShift: objectScoreShift)
        model = try SegmentationModel(bundle, engine: OpenVINOEngine(), precision: .float32)
        tracker = try OnlineTracker(model, options: options)
    }

    /// The prompt that the case gives for an object on a frame.
    func prompt(_ frame: Int, _ object: Int) throws -> Prompt? {
        let key = "prompt.f\(frame).o\(object)"
        if golden.names.contains("\(key).mask_input.bits") {
            let mask = BinaryMask(width: 640, height: 480, pixels: try golden.bits("\(key).mask_input"))
            return try .mask(#require(mask))
        }
        let coordinates = try golden.whole("\(key).points") ?? []
        let labels = try golden.whole("\(key).labels") ?? []
        let points = labels.indices.map {
            PointPrompt(x: coordinates[$0 * 2] / 640, y: coordinates[$0 * 2 + 1] / 480, isPositive: labels[$0] == 1)
        }
        let box = try golden.whole("\(key).box").map {
            BoxPrompt(left: $0[0] / 640, top: $0[1] / 480, right: $0[2] / 640, bottom: $0[3] / 480)
        }
        return points.isEmpty && box == nil ? nil : .points(points, box: box, replacing: true)
    }

    /// Puts a frame of the reference clip, resized, into the model's input.
    func load(frame: Int) throws {
        let bytes = try Data(contentsOf: URL(filePath: "/tmp/golden_rgb/\(frame)_\(size).rgb"))
        _ = model.image.bytes.initialize(from: bytes)
    }

    mutating func compare(_ result: ObjectResult, _ key: String) throws {
        try check("\(key).low_res", result.logits.floats)
        try check("\(key).object_score", [result.objectScore])
        try check("\(key).obj_ptr", result.details.pointer)
        if golden.names.contains("\(key).all_ious") {
            try check("\(key).all_ious", result.details.ious)
            // The case holds the estimates of all masks that the decoder returned: three of them, or the one.
            #expect(try abs(golden.values("\(key).ious").max().map { $0 - result.iou } ?? 1) < 1e-3, "\(key).ious")
            let chosen = try golden.values("\(key).chosen")[0]
            if chosen >= 0 {
                #expect(result.details.chosen == Int(chosen), "\(key).chosen")
            } else {
                #expect(!result.isPresent)
            }
        }
        let bank = try #require(tracker.bank(of: result.object))
        let entry = try #require((bank.conditioning + bank.recent).first { $0.frame == tracker.frame })
        try check("\(key).maskmem", planes(try #require(entry.memory)))
        try compareMask(result, key)
    }

    private mutating func check(_ name: String, _ values: some Collection<Float>) throws {
        let error = try golden.relativeError(name, values)
        #expect(error < 1e-3, "\(name): \(error)")
        let kind = String(name.split(separator: ".").last ?? "")
        worst[kind] = max(worst[kind] ?? 0, error)
    }

    private mutating func compareMask(_ result: ObjectResult, _ key: String) throws {
        let expected = try golden.bits("\(key).video_mask")
        let actual = videoMask(result.logits, width: 640, height: 480)
        let different = zip(expected, actual).count { $0 != $1 }
        #expect(different <= expected.count / 5000, "\(key).video_mask: \(different) pixels differ")
        worst["pixels"] = max(worst["pixels"] ?? 0, Double(different))
    }
}

/// Tokens [HW, m] as planes [m, H, W].
func planes(_ tensor: Tensor) -> [Float] {
    let (cells, width) = (tensor.shape[0], tensor.shape[1])
    let values = tensor.floats
    return (0..<width).flatMap { channel in (0..<cells).map { values[$0 * width + channel] } }
}

/// Logits enlarged bilinearly (pixel centres at half) to a frame's size, more than 0: written here again, plainly, as a reference.
func videoMask(_ logits: Tensor, width: Int, height: Int) -> [UInt8] {
    let side = logits.shape[0]
    let values = logits.floats
    func taps(_ position: Int, _ count: Int) -> (Int, Int, Float) {
        let source = max((Float(position) + 0.5) * (Float(side) / Float(count)) - 0.5, 0)
        let first = Int(source)
        return (first, min(first + 1, side - 1), source - Float(first))
    }
    return (0..<height).flatMap { y in
        let (top, bottom, down) = taps(y, height)
        return (0..<width).map { x -> UInt8 in
            let (left, right, across) = taps(x, width)
            let upper = values[top * side + left] * (1 - across) + values[top * side + right] * across
            let lower = values[bottom * side + left] * (1 - across) + values[bottom * side + right] * across
            return upper * (1 - down) + lower * down > 0 ? 1 : 0
        }
    }
}
