import AuralCapture
import AuralCore
import AuralWire
import Logging
import Synchronization

/// Tells everybody what becomes of a live source: clients, the log, the metrics and the watchdog. Called on the source's own thread, and by
/// whoever switches it off.
final class SourceReporter: Sendable {
    private static let switchedOff = "switched off: device = \"none\""

    private static let waiting: Set<SourceRecord.State> = [.absent, .busy, .denied, .backoff]

    private let record: Mutex<SourceRecord>
    private let hasSwitchedOff = Atomic(false)
    private let hub: Hub
    private let logger: Logger
    private let progress: StageProgress
    private let setMetric: @Sendable (SourceRecord.State) -> Void
    private let noteGap = Mutex<(@Sendable (_ samples: Int64, _ reason: String) -> Void)?>(nil)

    /// A source that has not begun.
    init(
        source: String, medium: SourceRecord.Medium, hub: Hub, logger: Logger, progress: StageProgress,
        setMetric: @escaping @Sendable (SourceRecord.State) -> Void
    ) {
        record = Mutex(SourceRecord(source: source, medium: medium, state: .opening))
        self.hub = hub
        var logger = logger
        logger[metadataKey: "source"] = "\(source)"
        self.logger = logger
        self.progress = progress
        self.setMetric = setMetric
    }

    /// From now on `body` is told of missing sound.
    func onGap(_ body: @escaping @Sendable (_ samples: Int64, _ reason: String) -> Void) { noteGap.withLock { $0 = body } }

    /// What was told last.
    var latest: SourceRecord { record.withLock { $0 } }

    /// Passes an event on.
    func note(_ event: SourceEvent) {
        switch event {
        case .state(let state, let detail): change(SourceRecord.State(rawValue: state.rawValue), detail)
        case .configured(let mode):
            // Some take seconds to open, and may then take their time to deliver.
            progress.moved()
            record.withLock { $0.mode = mode }
            logger.info("opened", metadata: ["mode": "\(mode)"])
        case .warning(let text): logger.warning("\(text)")
        case .gap(let samples, let index, let reason):
            logger.warning("sound is missing", metadata: ["samples": "\(samples)", "at": "\(index)", "reason": "\(reason)"])
            noteGap.withLock { $0 }?(samples, reason)
        }
    }

    /// Whether the configuration has switched the source off: then that is why it ends.
    var isSwitchedOff: Bool {
        get { hasSwitchedOff.load(ordering: .relaxed) }
        set { hasSwitchedOff.store(newValue, ordering: .relaxed) }
    }

    /// Says that the source is switched off, unless its end has said so.
    func tellSwitchedOff() {
        if latest.state != .ended || latest.detail != Self.switchedOff { change(.ended, Self.switchedOff) }
    }

    private func change(_ state: SourceRecord.State, _ detail: String?) {
        let detail = detail ?? (state == .ended && isSwitchedOff ? Self.switchedOff : nil)
        let told = record.withLock { record in
            // What a device was set to says nothing while it is not there. One that was waited for has told before it is `opening`.
            let isKept = state == .streaming || state == .opening && Self.waiting.contains(record.state)
            if !isKept { record.mode = nil }
            record.state = state
            record.detail = detail
            return record
        }
        switch state {
        case .streaming, .opening, .stalled: progress.moved()
        case .ended: progress.disabled()
        default: progress.waits(state.rawValue)
        }
        setMetric(state)
        let metadata: Logger.Metadata = ["state": "\(state.rawValue)"].merging(detail.map { ["reason": "\($0)"] } ?? [:]) { first, _ in first }
        switch state {
        case .streaming, .ended: logger.notice("source", metadata: metadata)
        case .opening: logger.info("source", metadata: metadata)
        default: logger.warning("source", metadata: metadata)
        }
        hub.publish(told)
    }
}
