import AuralCapture
import AuralCore
import AuralGraph
import AuralInference
import AuralTracking
import Foundation

/// Finds out what the Linear layers of a model read, so that it can be written in 8-bit integers: tracks a clip in float32 and notes each channel's
/// least and greatest value.
package struct Calibration {
    private let parts: ModelParts
    private let clip: String
    private let limit: Int

    /// Plans it.
    ///
    /// - Parameters:
    ///   - parts: the model.
    ///   - clip: a clip of what the model is going to see, anything that `FrameReaders` opens.
    ///   - limit: frames to look at, spread over the clip where its length is known.
    package init(_ parts: ModelParts, clip: String, limit: Int) {
        self.parts = parts
        self.clip = clip
        self.limit = max(1, limit)
    }

    /// What was seen.
    package struct Result: Sendable {
        /// Ranges by key, for `LinearArithmetic.int8`.
        package var ranges: [String: ActivationRange]
        /// Frames that were looked at.
        package var frames: Int
    }

    /// Runs it, with a point in the middle of the first picture so that there is something to remember. Throws what the reader, the bundle and the
    /// engine report, and where the clip has no frame.
    package func run(_ engine: any Engine, progress: (Int, Int) -> Void) throws -> Result {
        let reader = try FrameReaders.open(clip, pool: ImagePool())
        let folder = FileManager.default.temporaryDirectory.appending(path: "aurald-calibration-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = BundleManifest.Source(file: "", sha256: "")
        let outputs = try BundleWriter(parts, arithmetic: .observed).write(to: folder, source: source, isTrained: false)
        let observing = ObservingEngine(engine, outputs: outputs)
        let model = try SegmentationModel(ModelBundle(directory: folder), engine: observing, precision: .float32)
        let segmenter = try FrameSegmenter(model, options: TrackerOptions(), maskSize: .native)
        let middle = Prompt.points([PointPrompt(x: 0.5, y: 0.5, isPositive: true)], box: nil, replacing: true)
        let stride = max(1, (reader.frameCount ?? 0) / limit)
        var (index, frames) = (0, 0)
        while frames < limit, let image = try reader.next() {
            defer { index += 1 }
            guard index % stride == 0 else { continue }
            _ = try segmenter.segment(image, prompts: frames == 0 ? [(ObjectID(1), middle)] : [])
            frames += 1
            progress(frames, limit)
        }
        guard frames > 0 else { throw BundleError("--calibrate \(clip): no frame in it", exitStatus: .noInput) }
        return Result(ranges: observing.ranges, frames: frames)
    }
}
