import AuralCore
import AuralInference
import AuralNetworks
import AuralTracking
import Logging

extension Daemon {
    /// Loads the networks and tells the service manager that it takes time. Throws what bundle and engine report.
    func loadModel(
        _ metrics: DaemonMetrics, source: String
    ) throws -> (sending: FrameSegmenter, description: SegmentationPipeline.Description) {
        let bundle = try ModelBundle(directory: configuration.model.path)
        guard bundle.manifest.fuser?.recipe.hasText != true || bundle.manifest.text != nil else {
            throw BundleError(
                "\(bundle.directory): the fuser takes words, but there is no text encoder; import it again with --text FOLDER",
                exitStatus: .configuration)
        }
        let precision: Precision = configuration.model.precision == .bf16 ? .bfloat16 : .float32
        let engine = try makeEngine()
        let model = try SegmentationModel(
            bundle, engine: engine, precision: precision, poolsMemories: configuration.model.poolsMemories,
            usesWindows: configuration.model.usesWindows
        ) {
            notifier.send(.status("loading \($0.rawValue)"), .extendTimeout(microseconds: 300_000_000))
            logger.info("loading \($0.rawValue)")
        }
        if !bundle.manifest.isTrained, configuration.model.engine == .openvino {
            logger.warning(
                "these weights are synthetic, nobody trained them: masks mean nothing", metadata: ["model": "\(bundle.manifest.network.name)"])
        }
        let segmenter = try FrameSegmenter(
            model,
            options: TrackerOptions(
                maximumConditioning: configuration.model.maximumConditioning, sound: SoundOptions(configuration.fuser)),
            maskSize: FrameSegmenter.MaskSize(configuration.socket.maskSize))
        metrics.time(model, segmenter)
        let name = "\(bundle.manifest.network.name)@\(bundle.manifest.imageSize)\(bundle.manifest.isTrained ? "" : " untrained")"
        let summary = configuration.model.engine == .openvino ? "\(engine.summary), \(precision.rawValue)" : engine.summary
        let expressions = try Expressions(model, bundle)
        // Words that nobody said yet; a fuser that takes words always reads their rows.
        if let expressions { segmenter.tracker.setWords(try expressions.rows("")) }
        segmenter.expressions = expressions
        return (segmenter, SegmentationPipeline.Description(model: name, engine: summary, version: version, source: source))
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
}

extension FrameSegmenter.MaskSize {
    /// The configuration's word for it.
    init(_ configured: Configuration.Socket.MaskSize) {
        switch configured {
        case .frame: self = .frame
        case .native: self = .native
        }
    }
}

extension SoundOptions {
    /// The configuration's words for them.
    init(_ configured: Configuration.Fuser) {
        self.init(
            keyframeNanoseconds: Int64(configured.keyframeMilliseconds) * 1_000_000, iouThreshold: Float(configured.iouThreshold),
            history: configured.history, usesSparse: configured.isSparse, usesDense: configured.isDense)
    }
}
