import AuralCapture
import AuralCore
import AuralInference
import AuralTracking
import AuralWire
import Foundation
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// `aurald run`: the parts of the daemon, wired together as the configuration says.
package struct Daemon {
    let loader: ConfigurationLoader
    let configuration: Configuration
    let version: String
    let log: LogOutput
    let logger: Logger
    let environment: [String: String]
    let notifier: ServiceNotifier

    /// Plans a daemon.
    ///
    /// - Parameters:
    ///   - loaded: the configuration to start with.
    ///   - loader: what reads it again for a reload.
    ///   - environment: where a service manager says how to reach it, and what it passes on.
    package init(
        _ loaded: LoadedConfiguration, loader: ConfigurationLoader, version: String, log: LogOutput, logger: Logger, environment: [String: String]
    ) {
        self.loader = loader
        configuration = loaded.configuration
        self.version = version
        self.log = log
        self.logger = logger
        self.environment = environment
        notifier = ServiceNotifier(environment: environment)
    }

    /// Runs until SIGTERM or SIGINT. Throws what stops the start: sockets, clip, bundle, engine. Devices never do.
    package func run() async throws {
        // A reload that is asked for before the daemon can do it must not end it.
        signal(SIGHUP, SIG_IGN)
        // Before all else: children and threads must not inherit what was passed to us.
        let inherited = try ListenDescriptors.inherit(environment: environment, process: getpid())
        // From here on a SIGHUP waits for its turn instead of ending the process.
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let dumps = await UnixSignalsSequence(trapping: .sigusr1)
        let access = AccessControl(.resolved(groupNamed: configuration.socket.group, logger: logger))
        let hub = Hub()
        let metrics = DaemonMetrics(metricsDescription)
        let source = try makeSource(hub, metrics)
        metrics.queues[.frames].follow { [mailbox = source.mailbox] in Double(mailbox.count) }
        // Before the networks, which take their time.
        let sound = try source.makeSound()
        sound?.hearing = configuration.hearing
        let (segmenter, description) = try loadModel(metrics, source: source.name)
        let inference = StageProgress(stage: "inference", maximumSilence: 120_000_000_000)
        let pipeline = try SegmentationPipeline(
            segmenter: segmenter, sound: sound, hub: hub, prompts: initialPrompts, description: description, logger: logger,
            instances: configuration.sounding.instances.map { InstancePublisher(hub: hub, settings: $0) },
            metrics: metrics, progress: inference, sources: { source.records })

        let server = SocketServer(
            settings: SocketServer.Settings(
                listening: clientAddress(inherited, access.policy), maximumClients: configuration.socket.maximumClients,
                maximumClientBytes: configuration.socket.clientBytes),
            identity: ServerIdentity(version: version, source: source.name), hub: hub, handler: pipeline, access: access, logger: logger,
            metrics: metrics)
        let stages = source.stages + [inference, server.progress]
        let scrape = metricsServer(inherited, metrics, stages: stages)
        let address = try await server.start()
        do {
            try await scrape?.start()
        } catch {
            await server.shutDown()
            throw error
        }
        let ready = ReadyService { [self] in
            notifier.send(.ready)
            hub.followSources { [notifier] in notifier.send(.status(StatusLine.text(address: address, sources: $0))) }
            logger.notice("ready", metadata: ["socket": "\(address)", "model": "\(description.model)"])
        }
        let reload = ReloadService(
            daemon: self, source: source, pipeline: pipeline, access: access, limits: server.limits, metrics: metrics, running: configuration,
            requests: hangups)
        let dump = StateDumpService(stages: stages, pipeline: pipeline, metrics: metrics.registry, logger: logger, requests: dumps)
        let watchdog = WatchdogService(
            stages: stages, interval: WatchdogInterval.nanoseconds(environment: environment, process: getpid()), notifier: notifier, logger: logger)
        // Ended from the last to the first: clients are told before anything else takes its time.
        var services: [any Service] = [
            PipelineService(pipeline: pipeline, mailbox: source.mailbox), source.service, reload, dump, LogFlushService(output: log),
            StartedServer(server: server),
        ]
        if let scrape { services.append(StartedMetricsServer(server: scrape)) }
        let deadline = ShutdownDeadline(logger: logger) {
            server.removeFile()
            scrape?.removeFile()
        }
        services += [watchdog, ready, deadline]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private func makeSource(_ hub: Hub, _ metrics: DaemonMetrics) throws -> any DaemonSource {
        switch configuration.source.kind {
        case .live: LiveSource(configuration, hub: hub, logger: logger, metrics: metrics)
        case .replay: try ReplayDaemonSource(configuration.source, hub: hub, logger: logger, metrics: metrics)
        }
    }

    private var initialPrompts: [(object: ObjectID, prompt: Prompt)] {
        configuration.prompts.map { ($0.objectID, .points($0.points, box: $0.box, replacing: true)) }
    }

    private func clientAddress(_ inherited: ListenDescriptors, _ policy: AccessPolicy) -> ListeningAddress {
        inherited[.client].map { .inherited($0) }
            ?? .path(configuration.socket.path, mode: configuration.socket.mode, group: policy.group?.identifier)
    }
}
