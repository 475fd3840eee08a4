import ArgumentParser
import AuralGraph
import AuralInference
import AuralService
import Foundation

/// Whether a model is written in 8-bit integers.
struct QuantizationOptions: ParsableArguments {
    /// The numbers that the large products are written in.
    enum WeightPrecision: String, ExpressibleByArgument, CaseIterable {
        case float32 = "f32"
        case int8
    }

    @Option(
        help: """
            What the weights of the large layers are written in: f32 or int8. With int8 their products are computed in integers, whatever \
            precision the daemon runs in, which is faster and a little less exact.
            """)
    var precision = WeightPrecision.float32

    @Option(
        help: ArgumentHelp(
            "With --precision int8: a clip of two frames or more of what the model is going to see, which tells how large its numbers get.",
            valueName: "path"),
        completion: .file())
    var calibrate: String?

    @Option(help: "With --precision int8: frames of the clip to look at.")
    var calibrationFrames = 32

    func validate() throws {
        guard (precision == .int8) == (calibrate != nil) else { throw ValidationError("--precision int8 and --calibrate CLIP go together") }
        guard (1...10_000).contains(calibrationFrames) else { throw ValidationError("--calibration-frames: give 1 to 10000") }
    }

    /// What writes the model; looks at the clip first, where there is one.
    func writer(_ parts: ModelParts) throws -> BundleWriter {
        guard let calibrate else { return BundleWriter(parts) }
        let progress = ProgressLine("calibrate")
        let seen = try Calibration(parts, clip: calibrate, limit: calibrationFrames).run(OpenVINOEngine()) { progress.show($0, $1) }
        progress.finish()
        let note = BundleManifest.Quantization(clip: URL(filePath: calibrate).lastPathComponent, frames: seen.frames)
        return BundleWriter(parts, arithmetic: .int8(seen.ranges), quantization: note)
    }
}
