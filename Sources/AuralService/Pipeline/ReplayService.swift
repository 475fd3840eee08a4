import AuralCapture
import AuralCore
import AuralWire
import Logging
import ServiceLifecycle

/// Plays the clip and tells clients what becomes of it.
struct ReplayService: Service {
    let source: ReplaySource
    let path: String
    let hub: Hub
    let logger: Logger
    let metrics: DaemonMetrics

    func run() async throws {
        await withGracefulShutdownHandler {
            publish(.streaming, nil)
            source.start()
            for await event in source.events { tell(event) }
        } onGracefulShutdown: {
            source.stop()
        }
        try? await gracefulShutdown()
    }

    private func tell(_ event: ReplayEvent) {
        switch event {
        case .looped: break
        case .ended: publish(.ended, "the clip has been played")
        case .stopped: publish(.ended, "the daemon is ending")
        case .failed(let error):
            logger.error("source failed", metadata: ["reason": "\(error)"])
            publish(.absent, error.description)
        }
    }

    private func publish(_ state: SourceRecord.State, _ detail: String?) {
        metrics.video.set(state)
        metrics.audio?.set(state)
        hub.publish(SourceRecord(source: path, medium: .video, state: state, detail: detail))
    }
}
