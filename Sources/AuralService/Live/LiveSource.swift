import AuralCapture
import AuralWire
import Logging
import ServiceLifecycle

/// Camera and microphone as the daemon's source.
struct LiveSource: DaemonSource, Service {
    let name = LiveSources.cameraName
    let sources: LiveSources
    let stages: [StageProgress]

    /// Prepares the devices; nothing is opened before `run`.
    init(_ configuration: Configuration, hub: Hub, logger: Logger, metrics: DaemonMetrics, hardware: LiveHardware = LiveHardware()) {
        // How long they may be silent is a matter of their settings.
        let camera = StageProgress(stage: "camera", maximumSilence: 0)
        let microphone = StageProgress(stage: "microphone", maximumSilence: 0)
        stages = [camera, microphone]
        sources = LiveSources(
            configuration, hub: hub, logger: logger, metrics: metrics, cameraProgress: camera, microphoneProgress: microphone,
            hardware: hardware)
        metrics.follow(sources)
    }

    var mailbox: FrameMailbox { sources.mailbox }
    var service: any Service { self }
    var records: [SourceRecord] { sources.records }

    func makeSound() -> (any FrameSound)? { sources.sound() }

    func reconfigure(_ configuration: Configuration) async { await sources.reconfigure(configuration) }

    func run() async throws {
        await sources.start()
        try? await gracefulShutdown()
        await sources.stop()
    }
}
