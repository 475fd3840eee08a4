import AuralClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// `GET /metrics` and `GET /health` over HTTP/1.1 on a Unix socket of its own. On its own thread, so that a scrape never delays a record.
package final class MetricsServer: Service {
    /// How the server listens.
    package struct Settings: Sendable {
        /// The socket.
        package var listening: ListeningAddress
        /// The most connections at a time; one more is told 503.
        package var maximumConnections: Int
        /// The most bytes of a request; a longer one is told 431.
        package var maximumRequestBytes: Int
        /// The time for one request and its response, and also for the next one on the same connection.
        package var timeout: TimeAmount

        /// Settings with the defaults.
        package init(listening: ListeningAddress, maximumConnections: Int = 8, maximumRequestBytes: Int = 8192, timeout: TimeAmount = .seconds(10)) {
            self.listening = listening
            self.maximumConnections = maximumConnections
            self.maximumRequestBytes = maximumRequestBytes
            self.timeout = timeout
        }
    }

    private let settings: Settings
    private let registry: MetricRegistry
    private let health: @Sendable () -> [String]
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let places: NIOLoopBoundBox<Int>
    private let lifetime = SocketLifetime()

    /// A server that does not listen yet. `health` returns the reasons why the daemon is not well, none where it is; it is called on this
    /// server's thread and must not wait.
    package init(settings: Settings, registry: MetricRegistry, logger: Logger, health: @escaping @Sendable () -> [String]) {
        self.settings = settings
        self.registry = registry
        self.health = health
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        places = NIOLoopBoundBox.makeBoxSendingValue(settings.maximumConnections, eventLoop: group.next())
    }

    /// Listens until graceful shutdown or cancellation.
    package func run() async throws {
        do {
            try await start()
        } catch {
            await shutDown()
            throw error
        }
        try? await gracefulShutdown()
        await shutDown()
    }

    /// Binds the socket and accepts connections. For those who do not use `run`; `shutDown` must follow.
    package func start() async throws(SocketError) {
        let listening = try ListeningSocket(settings.listening)
        do {
            let channel = try await ServerBootstrap(group: group)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { [self] channel in accept(channel) }
                .withBoundSocket(listening.descriptor)
                .get()
            lifetime.didStart(channel, listening)
        } catch {
            listening.removeFile()
            throw SocketError(.system, "cannot listen for metrics on \(listening.path): \(error)")
        }
    }

    /// Removes the socket's file, where the process is about to end without `shutDown`. Safe on any thread.
    package func removeFile() { lifetime.listening?.removeFile() }

    /// Closes all connections and removes the socket's file, if it is ours. A server does not start twice. Calling it again does nothing.
    package func shutDown() async {
        guard let resources = lifetime.takeAll() else { return }
        resources.listening?.removeFile()
        try? await resources.channel?.close()
        try? await group.shutdownGracefully()
    }

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        guard places.value > 0 else {
            logger.warning("metrics connection turned away: too many", metadata: ["limit": "\(settings.maximumConnections)"])
            let text = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            return channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(TurnAwayHandler(ByteBuffer(string: text)))
            }
        }
        places.value -= 1
        channel.closeFuture.whenComplete { [places] _ in places.value += 1 }
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(RequestSizeLimiter(maximumBytes: settings.maximumRequestBytes))
            try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
            try pipeline.addHandler(MetricsHandler(settings: settings, registry: registry, health: health))
        }
    }
}
