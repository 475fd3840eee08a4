import AuralCapture
import AuralCore
import AuralInference
import AuralNetworks
import AuralTracking
import AuralWire
import Logging
import ServiceLifecycle
import UnixSignals

/// `aurald run`: the parts of the daemon, wired together as the configuration says.
package struct Daemon {
    private let configuration: Configuration
    private let version: String
    private let logger: Logger

    /// Plans a daemon.
    package init(_ configuration: Configuration, version: String, logger: Logger) {
        self.configuration = configuration
        self.version = version
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT. Throws what stops the start: bundle, engine, clip, socket.
    package func run() async throws {
        guard configuration.source.kind == .replay else {
            throw ConfigurationError(
                file: "configuration", key: "source.kind", message: "this version only plays clips; say source.kind = \"replay\"")
        }
        let hub = Hub()
        let pool = ImagePool()
        let reader = try FrameReaders.open(configuration.source.path, pool: pool)
        let size = [reader.height, reader.width]
        let (duration, count) = (reader.frameDurationNanoseconds, reader.frameCount)
        let mailbox = FrameMailbox(pressure: .live)
        let source = ReplaySource(reader, into: mailbox, options: replayOptions)

        let (segmenter, description) = try loadModel()
        let prompts = configuration.prompts.map {
            (object: $0.objectID, prompt: Prompt.points($0.points, box: $0.box, replacing: true))
        }
        let sound = try configuration.source.audio.map {
            try ClipSound(path: $0, frameDurationNanoseconds: duration, frameCount: count)
        }
        let pipeline = SegmentationPipeline(
            segmenter: segmenter, sound: sound, hub: hub, prompts: prompts, description: description, logger: logger)
        let settings = SocketServer.Settings(
            path: configuration.socket.path, maximumClients: configuration.socket.maximumClients,
            maximumClientBytes: configuration.socket.clientBytes)
        let server = SocketServer(
            settings: settings, identity: ServerIdentity(version: version, source: configuration.source.path), hub: hub, handler: pipeline,
            logger: logger)
        try await server.start()
        logger.notice("ready", metadata: ["socket": "\(settings.path)", "size": "\(size)", "model": "\(description.model)"])

        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: StartedServer(server: server)),
                    .init(service: ReplayService(source: source, path: configuration.source.path, hub: hub, logger: logger)),
                    .init(service: PipelineService(pipeline: pipeline, mailbox: mailbox)),
                ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private var replayOptions: ReplaySource.Options {
        let duration: Int64? =
            switch configuration.source.rate {
            case .clip: nil
            case .framesPerSecond(let rate): Int64(1e9 / rate)
            }
        return ReplaySource.Options(loops: configuration.source.loop, frameDurationNanoseconds: duration)
    }

    private func makeEngine() throws -> any Engine {
        switch configuration.model.engine {
        case .openvino:
            return try OpenVINOEngine(OpenVINOEngine.Options(threads: configuration.model.threads, cacheDirectory: configuration.model.cache))
        case .rehearsal:
            logger.warning("the rehearsal engine computes no networks: masks are the bright parts of the picture")
            return RehearsalEngine(milliseconds: configuration.model.rehearsalMilliseconds)
        }
    }

    private func loadModel() throws -> (sending: FrameSegmenter, description: SegmentationPipeline.Description) {
        let bundle = try ModelBundle(directory: configuration.model.path)
        let precision: Precision = configuration.model.precision == .bf16 ? .bfloat16 : .float32
        let engine = try makeEngine()
        let model = try SegmentationModel(bundle, engine: engine, precision: precision) {
            logger.info("loading", metadata: ["stage": "\($0.rawValue)"])
        }
        if !bundle.manifest.isTrained {
            logger.warning(
                "these weights are synthetic, nobody trained them: masks mean nothing", metadata: ["model": "\(bundle.manifest.network.name)"])
        }
        let segmenter = try FrameSegmenter(
            model, options: TrackerOptions(maximumConditioning: configuration.model.maximumConditioning),
            maskSize: configuration.socket.maskSize == .native ? .native : .frame)
        let name = "\(bundle.manifest.network.name)@\(bundle.manifest.imageSize)\(bundle.manifest.isTrained ? "" : " untrained")"
        return (
            segmenter,
            SegmentationPipeline.Description(
                model: name, engine: "\(engine.summary), \(precision.rawValue)", version: version, source: configuration.source.path)
        )
    }
}
