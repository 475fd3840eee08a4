import AuralCapture
import AuralCore
import AuralInference
import AuralTracking
import AuralWire
import Logging

/// Takes frames from the mailbox, segments them on the inference thread and publishes the records; answers clients' requests between frames.
///
/// A prompt takes effect on the next frame that is taken, or on the one shown last if it names that one (or if no more frames come).
package actor SegmentationPipeline: RequestHandler {
    /// A prompt that waits for the next frame.
    struct Waiting {
        /// Tells those apart for whom somebody waits; 0 for the configuration's.
        var number: UInt64 = 0
        var object: ObjectID
        var prompt: Prompt
        var verb: Request.Verb
        var answer: CheckedContinuation<Reply, Never>?
    }

    /// What the pipeline tells of itself.
    package struct Description: Sendable {
        /// The model's name and size.
        package var model: String
        /// The engine's summary.
        package var engine: String
        /// The program's version.
        package var version: String
        /// The source that is segmented, as `hello` names it.
        package var source: String

        /// Names model, engine, program and source.
        package init(model: String, engine: String, version: String, source: String) {
            self.model = model
            self.engine = engine
            self.version = version
            self.source = source
        }
    }

    // Held strongly: an actor's reference to its executor is unowned.
    private let thread: InferenceThread
    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    let segmenter: FrameSegmenter
    let hub: Hub
    let description: Description
    let logger: Logger
    let clock: any TimeSource
    private var sound: (any FrameSound)?
    var waiting: [Waiting]
    var nextWaiting: UInt64 = 0
    var latest: (sequence: UInt64, time: MonoTime)?
    var hasEnded = false
    var framesTaken: UInt64 = 0
    var framesDropped: UInt64 = 0
    var latencies = LatencyWindow()
    let started: MonoTime

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - segmenter: made on no thread yet; from here on it belongs to the inference thread.
    ///   - sound: what is heard, if anything is.
    ///   - prompts: applied to the first frame.
    package init(
        segmenter: sending FrameSegmenter, sound: sending (any FrameSound)?, hub: Hub, prompts: [(object: ObjectID, prompt: Prompt)],
        description: Description, logger: Logger, clock: any TimeSource = SystemTimeSource(), thread: InferenceThread = InferenceThread()
    ) {
        self.segmenter = segmenter
        self.sound = sound
        self.hub = hub
        self.description = description
        self.logger = logger
        self.clock = clock
        self.thread = thread
        waiting = prompts.map { Waiting(object: $0.object, prompt: $0.prompt, verb: .addPoints) }
        started = clock.now()
    }

    /// Segments frames until the mailbox is closed and empty, or the task is cancelled. Throws what the engine reports, which ends the daemon.
    package func run(_ mailbox: FrameMailbox) async throws {
        while let frame = await mailbox.take() {
            framesDropped = mailbox.droppedCount
            try take(frame)
        }
        hasEnded = true
        // No frame will come for those who wait: the last one is theirs.
        let left = waiting
        waiting = []
        for entry in left { entry.answer?.resume(returning: apply(entry.object, entry.prompt, entry.verb)) }
    }

    private func take(_ frame: Frame) throws {
        let prompts = waiting
        waiting = []
        let objects: [FrameObject]
        let failures: [Int: TrackingError]
        guard let image = frame.image else { return }
        do {
            (objects, failures) = try segmenter.segment(image, prompts: prompts.map { ($0.object, $0.prompt) })
        } catch {
            for entry in prompts { entry.answer?.resume(returning: .failed(ErrorRecord(.internal, "\(error)"))) }
            throw error
        }
        framesTaken += 1
        latest = (frame.sequence, frame.time)
        let now = clock.now()
        let latency = Double(now.nanoseconds(since: frame.time)) / 1e6
        latencies.note(milliseconds: latency, at: now.nanoseconds)
        hub.publish(
            FrameRecord(
                sequence: frame.sequence, time: frame.time, timestampSource: frame.timestampSource == .device ? nil : frame.timestampSource,
                latencyMilliseconds: latency, size: [frame.size.height, frame.size.width], objects: objects, audio: level(at: frame)))
        for (index, entry) in prompts.enumerated() {
            answer(entry, failures[index], objects.first { $0.objectID == entry.object }, frame.sequence)
        }
    }

    private func answer(_ entry: Waiting, _ failure: TrackingError?, _ object: FrameObject?, _ sequence: UInt64) {
        if let failure {
            logger.warning("prompt refused", metadata: ["object_id": "\(entry.object)", "reason": "\(failure)"])
            entry.answer?.resume(returning: .failed(ErrorRecord(failure)))
        } else {
            entry.answer?.resume(returning: .done(ReplyRecord(id: nil, verb: entry.verb, sequence: sequence, object: object)))
        }
    }

    private func level(at frame: Frame) -> FrameRecord.Audio? {
        do {
            return try sound?.level(of: frame)
        } catch {
            // Said once: the file will not come back.
            logger.warning("sound cannot be read any more", metadata: ["reason": "\(error)"])
            sound = nil
            return nil
        }
    }
}
