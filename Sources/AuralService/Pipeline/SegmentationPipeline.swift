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
    /// What hears; nil where nothing ever will again.
    var sound: (any FrameSound)?
    /// Tells of the sounding mask's parts, if it is to.
    let instances: InstancePublisher?
    /// Audio keyframes that have been counted.
    var countedKeyframes: UInt64 = 0
    var waiting: [Waiting] {
        didSet { metrics?.queues[.prompts].set(Double(waiting.count)) }
    }
    var nextWaiting: UInt64 = 0
    var latest: (sequence: UInt64, time: MonoTime)?
    var hasEnded = false
    var framesTaken: UInt64 = 0
    var framesDropped: UInt64 = 0
    var latencies = LatencyWindow()
    let started: MonoTime
    let metrics: DaemonMetrics?
    private let progress: StageProgress?
    let sources: @Sendable () -> [SourceRecord]
    private let decoder: FrameDecoder
    /// Makes pictures for clients, once one wants them.
    var encoder: JPEGEncoder?

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - segmenter: made on no thread yet; from here on it belongs to the inference thread.
    ///   - sound: what is heard, if anything is.
    ///   - prompts: applied to the first frame.
    ///   - metrics: where frames are counted.
    ///   - instances: tells of the sounding mask's parts, if it is to.
    ///   - progress: moves with every frame, and waits while there is none.
    ///   - sources: the states that `status` shows; what was published last where there is nothing newer.
    ///
    /// Throws where the JPEG decoder cannot be made.
    package init(
        segmenter: sending FrameSegmenter, sound: sending (any FrameSound)?, hub: Hub, prompts: [(object: ObjectID, prompt: Prompt)],
        description: Description, logger: Logger, instances: sending InstancePublisher? = nil,
        metrics: DaemonMetrics? = nil, progress: StageProgress? = nil,
        sources: (@Sendable () -> [SourceRecord])? = nil, clock: any TimeSource = SystemTimeSource(), thread: InferenceThread = InferenceThread()
    ) throws(CaptureError) {
        self.segmenter = segmenter
        self.sound = sound
        self.hub = hub
        self.description = description
        self.logger = logger
        self.instances = instances
        self.metrics = metrics
        self.progress = progress
        self.sources = sources ?? { hub.sources }
        decoder = try FrameDecoder(pool: ImagePool())
        self.clock = clock
        self.thread = thread
        waiting = prompts.map { Waiting(object: $0.object, prompt: $0.prompt, verb: .addPoints) }
        started = clock.now()
        metrics?.queues[.prompts].set(Double(prompts.count))
    }

    /// Segments frames until the mailbox is closed and empty, or the task is cancelled. Throws what the engine reports, which ends the daemon.
    package func run(_ mailbox: FrameMailbox) async throws {
        progress?.waits("for a frame")
        while let frame = await mailbox.take() {
            progress?.moved()
            let dropped = mailbox.droppedCount
            metrics?.taken(frame, droppedBefore: dropped - min(framesDropped, dropped))
            framesDropped = dropped
            try segment(frame)
            progress?.waits("for a frame")
        }
        progress?.disabled()
        hasEnded = true
        // No frame will come for those who wait: the last one is theirs.
        let left = waiting
        waiting = []
        for entry in left { entry.answer?.resume(returning: apply(entry.object, entry.prompt, entry.verb)) }
    }

    /// Segments one frame and publishes its records. False where it is no whole picture. Throws what the engine reports.
    @discardableResult
    package func segment(_ frame: Frame) throws -> Bool {
        guard let image = decode(frame) else { return false }
        try take(frame, image)
        return true
    }

    /// A prompt for the next frame, for which nobody waits.
    package func prepare(_ object: ObjectID, _ prompt: Prompt) {
        waiting.append(Waiting(object: object, prompt: prompt, verb: .addPoints))
    }

    /// The frame's pixels; nil, and counted, where the camera delivered no whole picture.
    private func decode(_ frame: Frame) -> RGBImage? {
        let start = clock.now()
        do {
            let image = try decoder.image(of: frame, targetSide: segmenter.imageSize)
            metrics?.stages[.decode].observe(nanoseconds: clock.now().nanoseconds(since: start))
            return image
        } catch {
            metrics?.video.framesDropped[.corrupt].increment()
            logger.warning("frame cannot be decoded", metadata: ["seq": "\(frame.sequence)", "reason": "\(error)"])
            return nil
        }
    }

    private func take(_ frame: Frame, _ image: RGBImage) throws {
        let prompts = waiting
        waiting = []
        let objects: [FrameObject]
        let failures: [Int: TrackingError]
        // Before the networks too: those that take longer than the microphone remembers would find nothing of this second any more.
        var heard = hear(frame)
        do {
            (objects, failures) = try segmenter.segment(image, size: frame.size, prompts: prompts.map { ($0.object, $0.prompt) }) {
                heard = hearAgain(frame, heard)
                return heard?.segment
            }
        } catch {
            for entry in prompts { entry.answer?.resume(returning: .failed(ErrorRecord(.internal, "\(error)"))) }
            throw error
        }
        framesTaken += 1
        latest = (frame.sequence, frame.time)
        let now = clock.now()
        let nanoseconds = now.nanoseconds(since: frame.time)
        metrics?.endToEnd.observe(nanoseconds: nanoseconds)
        follow()
        let latency = Double(nanoseconds) / 1e6
        latencies.note(milliseconds: latency, at: now.nanoseconds)
        for (index, entry) in prompts.enumerated() where failures[index] == nil {
            tell(RequestRecord(sequence: frame.sequence, object: entry.object, prompt: entry.prompt))
        }
        hub.publish(
            FrameRecord(
                sequence: frame.sequence, time: frame.time, timestampSource: frame.timestampSource == .device ? nil : frame.timestampSource,
                latencyMilliseconds: latency, size: [frame.size.height, frame.size.width], objects: objects,
                audio: heard?.audio))
        publishInstances(frame)
        publishParts(of: frame, image, heard)
        for (index, entry) in prompts.enumerated() {
            answer(entry, failures[index], objects.first { $0.objectID == entry.object }, frame.sequence)
        }
    }

    /// From now on masks are written at another size.
    package func setMaskSize(_ size: FrameSegmenter.MaskSize) { segmenter.maskSize = size }

    private func answer(_ entry: Waiting, _ failure: TrackingError?, _ object: FrameObject?, _ sequence: UInt64) {
        if let failure {
            logger.warning("prompt refused", metadata: ["object_id": "\(entry.object)", "reason": "\(failure)"])
            entry.answer?.resume(returning: .failed(ErrorRecord(failure)))
        } else {
            entry.answer?.resume(returning: .done(ReplyRecord(id: nil, verb: entry.verb, sequence: sequence, object: object)))
        }
    }
}
