import AuralCapture
import AuralCore
import AuralWire
import Foundation

/// Segments the sounding objects of one clip by the paper's protocol and writes one `frame` record for each second, in order.
///
/// `t_ns` is the picture's place in the clip, `latency_ms` the time that the frame took after the one before it. The sounding objects are
/// object 0.
package final class SoundingClipTracker {
    /// What was done to make the clip as long as the model takes it.
    package struct Summary: Sendable, Equatable {
        /// Frames that were written.
        package var frames: Int
        /// Frames and rows of sound that were repeated.
        package var paddedFrames: Int
        package var paddedAudioRows: Int
    }

    private let segmenter: any ClipSegmenter
    private let audioRows: AudioRowReader
    private let clock = SystemTimeSource()
    private var encoder = RunLengthEncoder()
    private var records = FrameRecordEncoder()

    /// Puts the parts together.
    package init(segmenter: any ClipSegmenter, audioRows: @escaping AudioRowReader) {
        self.segmenter = segmenter
        self.audioRows = audioRows
    }

    /// Runs the clip. Throws what model and `write` throw, and where words are missing or too many.
    ///
    /// - Parameters:
    ///   - clip: at most as many pictures as the model takes; the last one is repeated where there are fewer.
    ///   - expression: what is looked for, if the model takes words.
    ///   - masks: a folder for the masks at the model's square, `mask_0.png` and so on.
    ///   - progress: called with the number of finished frames.
    ///   - write: takes each record's line.
    package func run(
        _ clip: SoundingClip, expression: String?, masks: MaskFolder? = nil, progress: (Int) -> Void, write: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Summary {
        guard segmenter.takesExpression == (expression != nil) else {
            throw EvaluationError(
                segmenter.takesExpression ? "this model needs words: give --expression" : "this model takes no words: leave --expression out",
                exitStatus: .usage)
        }
        let material = try ClipMaterial(images: clip.images, audio: clip.audio, count: segmenter.clipFrames, reader: audioRows)
        let sound = try ClipSound(path: clip.audio, frameDurationNanoseconds: 1_000_000_000, frameCount: nil)
        var lines: [Int: [UInt8]] = [:]
        var (done, written) = (0, 0)
        var start = clock.now()
        try segmenter.segment(material.images, audioRows: material.audioRows, expression: expression) { index, result in
            done += 1
            progress(done)
            defer { start = clock.now() }
            guard index < material.frames, clip.times.indices.contains(index) else { return }
            let logits = try DecodeMode.bestIoU.logits(of: result)
            try masks?.write(logits, index: index)
            let object = try object(result, logits, clip.images[index])
            let record = FrameRecord(
                sequence: UInt64(index), time: MonoTime(nanoseconds: clip.times[index]), timestampSource: .replay,
                latencyMilliseconds: Double(clock.now().nanoseconds(since: start)) / 1e6,
                size: [clip.images[index].height, clip.images[index].width], objects: [object],
                audio: try sound.hear(frame: UInt64(index + 1), at: MonoTime(nanoseconds: clip.times[index])).audio)
            lines[index] = records.encode(record) { Array($0) }
            // A model may begin in the middle of the clip; who reads records wants them in order.
            while let line = lines.removeValue(forKey: written) {
                try line.withUnsafeBytes { try write($0) }
                written += 1
            }
        }
        guard written == material.frames else {
            throw EvaluationError("the model gave \(written) of \(material.frames) frames; this is a bug", exitStatus: .software)
        }
        return Summary(frames: written, paddedFrames: material.paddedFrames, paddedAudioRows: material.paddedRows)
    }

    private func object(_ result: ClipFrameResult, _ logits: [Float], _ image: RGBImage) throws -> FrameObject {
        let side = segmenter.maskSide
        try logits.withUnsafeBufferPointer { (logits) throws(WireError) in
            try encoder.encode(logits: logits, logitsWidth: side, logitsHeight: side, width: image.width, height: image.height)
        }
        return FrameObject(
            objectID: ObjectID(0), kind: .sounding, score: FrameScore.sigmoid(result.objectScore),
            iou: result.ious.indices.contains(result.best) ? result.ious[result.best] : 0, encoder: encoder)
    }
}
