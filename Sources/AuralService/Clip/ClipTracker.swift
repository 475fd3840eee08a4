import AuralCapture
import AuralCore
import AuralTracking
import AuralWire
import Foundation

/// Tracks a clip from its first frame to its last, every frame, as fast as it goes, and writes one `frame` record a line.
///
/// With a model that hears, and sound, what sounds is among the objects, as in a live stream: every frame has the second of sound that ends with it.
/// A clip's own time starts at 0: `t_ns` is the frame's place in it. `latency_ms` is the time that the frame took.
package final class ClipTracker {
    private let segmenter: FrameSegmenter
    private let reader: any FrameReader
    private let sound: ClipSound?
    private let clock = SystemTimeSource()

    /// Puts the parts together.
    package init(segmenter: FrameSegmenter, reader: any FrameReader, sound: ClipSound?) {
        self.segmenter = segmenter
        self.reader = reader
        self.sound = sound
    }

    /// Runs the clip. Throws what reader, engine or `write` throw, and where a prompt is refused.
    ///
    /// - Parameters:
    ///   - script: the prompts; one that names a frame beyond the clip's end is an error too.
    ///   - progress: called with the number of finished frames.
    ///   - write: takes each record's line.
    /// - Returns: the number of frames.
    package func run(
        _ script: PromptScript, progress: (Int) -> Void, write: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        var encoder = FrameRecordEncoder()
        var frame = 0
        while let image = try reader.next() {
            let start = clock.now()
            let prompts = script.prompts(frame: frame)
            let time = MonoTime(nanoseconds: Int64(frame) &* reader.frameDurationNanoseconds)
            let heard = try sound?.hear(frame: UInt64(frame), at: time, needsSegment: segmenter.tracker.hears)
            let (objects, failures) = try segmenter.segment(image, prompts: prompts) { heard?.segment }
            if let failure = failures.sorted(by: { $0.key < $1.key }).first {
                throw ScriptError("frame \(frame), object_id \(prompts[failure.key].object): \(failure.value)")
            }
            let record = FrameRecord(
                sequence: UInt64(frame), time: time, timestampSource: .replay,
                latencyMilliseconds: Double(clock.now().nanoseconds(since: start)) / 1e6, size: [image.height, image.width],
                // Without sound nothing sounds, and a model that could hear has nothing to say of it.
                objects: sound == nil ? objects.filter { $0.objectID != .sounding } : objects, audio: heard?.audio)
            try encoder.encode(record) { try write($0) }
            frame += 1
            progress(frame)
        }
        if let beyond = script.entries.first(where: { $0.frame >= frame }) {
            throw ScriptError("--prompt: frame \(beyond.frame) is beyond the clip's last frame \(frame - 1)")
        }
        return frame
    }
}
