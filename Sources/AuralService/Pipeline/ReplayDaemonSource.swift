import AuralCapture
import AuralCore
import AuralWire
import Logging
import ServiceLifecycle

/// A clip as the daemon's source.
struct ReplayDaemonSource: DaemonSource {
    let name: String
    let mailbox = FrameMailbox(pressure: .live)
    let stages: [StageProgress] = []
    private let replay: ReplayService
    private let hub: Hub
    private let configuration: Configuration.Source
    private let clip: (frameDuration: Int64, frameCount: Int?)

    /// Opens the clip. Throws what its reader reports.
    init(_ configuration: Configuration.Source, hub: Hub, logger: Logger, metrics: DaemonMetrics) throws {
        let reader = try FrameReaders.open(configuration.path, pool: ImagePool())
        clip = (reader.frameDurationNanoseconds, reader.frameCount)
        let duration: Int64? =
            switch configuration.rate {
            case .clip: nil
            case .framesPerSecond(let rate): Int64(1e9 / rate)
            }
        let source = ReplaySource(
            reader, into: mailbox, options: ReplaySource.Options(loops: configuration.loop, frameDurationNanoseconds: duration))
        replay = ReplayService(source: source, path: configuration.path, hub: hub, logger: logger, metrics: metrics)
        name = configuration.path
        self.hub = hub
        self.configuration = configuration
    }

    var service: any Service { replay }
    var records: [SourceRecord] { hub.sources }

    func makeSound() throws -> (any FrameSound)? {
        try configuration.audio.map {
            try ClipSound(path: $0, frameDurationNanoseconds: clip.frameDuration, frameCount: clip.frameCount)
        }
    }

    func reconfigure(_ configuration: Configuration) async {}
}
