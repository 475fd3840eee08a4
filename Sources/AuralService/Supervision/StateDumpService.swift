import AuralCore
import AuralWire
import Logging
import ServiceLifecycle
import UnixSignals

/// SIGUSR1: writes what the daemon is doing to the log, for a bug report. First what needs no stage to answer: a pipeline that hangs is the very case.
struct StateDumpService: Service {
    let stages: [StageProgress]
    let pipeline: SegmentationPipeline
    let metrics: MetricRegistry
    let logger: Logger
    /// The signals.
    let requests: UnixSignalsSequence

    func run() async throws {
        for await _ in requests.cancelOnGracefulShutdown() {
            let now = SystemTimeSource().now()
            for stage in stages {
                logger.notice("state of a stage", metadata: ["stage": "\(stage.stage)", "activity": "\(Self.text(stage.activity, now))"])
            }
            for line in metrics.render().split(separator: "\n") where Self.isState(line) {
                logger.notice("state", metadata: ["metric": "\(line)"])
            }
            let pipeline = pipeline
            let logger = logger
            Task {
                let reply = await pipeline.handle(Request(id: nil, verb: .status, body: .status), from: ClientID(0))
                guard case .done(let record) = reply else { return }
                logger.notice("state of the daemon", metadata: ["status": "\(String(decoding: record.encoded().dropLast(), as: UTF8.self))"])
            }
        }
    }

    /// Queues, memory and what is followed; counters and histograms are for the scraper.
    private static func isState(_ line: Substring) -> Bool {
        ["aurald_queue_depth", "aurald_bank", "aurald_objects", "aurald_clients"].contains { line.hasPrefix($0) }
    }

    private static func text(_ activity: StageActivity, _ now: MonoTime) -> String {
        switch activity {
        case .working(let since): "works since \(now.nanoseconds(since: since) / 1_000_000) ms"
        default: "\(activity)"
        }
    }
}
