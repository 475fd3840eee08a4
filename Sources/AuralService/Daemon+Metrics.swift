import AuralCore
import Logging

extension Daemon {
    /// What the metrics say of this daemon.
    var metricsDescription: DaemonMetrics.Description {
        let (video, audio): (String, String?) =
            switch configuration.source.kind {
            case .live: (LiveSources.cameraName, LiveSources.microphoneName)
            case .replay: (configuration.source.path, configuration.source.audio)
            }
        return DaemonMetrics.Description(
            version: version, backend: configuration.model.engine.rawValue, device: "cpu", video: video, audio: audio)
    }

    /// The second socket, where there is to be one: passed on by the service manager, or at the configured path.
    func metricsServer(_ inherited: ListenDescriptors, _ metrics: DaemonMetrics, stages: [StageProgress]) -> MetricsServer? {
        let path = configuration.metrics.path.map { ListeningAddress.path($0, mode: configuration.socket.mode) }
        guard let address = inherited[.metrics].map({ .inherited($0) }) ?? path else { return nil }
        return MetricsServer(settings: MetricsServer.Settings(listening: address), registry: metrics.registry, logger: logger) {
            // The same question as the watchdog's.
            let clock = SystemTimeSource()
            return stages.compactMap { stage in
                guard case .working(let since) = stage.activity, clock.now().nanoseconds(since: since) > stage.maximumSilence else { return nil }
                return "\(stage.stage) has stopped moving"
            }
        }
    }
}
