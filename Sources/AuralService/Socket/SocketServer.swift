import AuralClient
import AuralCore
import AuralWire
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The daemon's Unix socket: NDJSON both ways (see `WireProtocol`), on one thread of its own.
package final class SocketServer: Service {
    /// How the server listens.
    package struct Settings: Sendable, Equatable {
        /// Where the server listens.
        package var listening: ListeningAddress
        /// The most clients at a time.
        package var maximumClients: Int
        /// The most bytes that wait for one client (see `ClientQueue`).
        package var maximumClientBytes: Int
        /// Bytes handed to the kernel for one client before its queue holds back (see `ClientQueue.window`).
        package var window: Int

        /// Settings with the defaults of the configuration.
        package init(
            listening: ListeningAddress, maximumClients: Int = 64, maximumClientBytes: Int = 262_144, window: Int = 65_536
        ) {
            self.listening = listening
            self.maximumClients = maximumClients
            self.maximumClientBytes = maximumClientBytes
            self.window = window
        }

        /// The same for a socket at a path, with the permissions of the configuration.
        package init(path: String, maximumClients: Int = 64, maximumClientBytes: Int = 262_144, window: Int = 65_536) {
            self.init(
                listening: .path(path), maximumClients: maximumClients, maximumClientBytes: maximumClientBytes, window: window)
        }
    }

    /// What clients may use up, at first as the settings say; may be changed while the server runs.
    package let limits: SocketLimits
    /// Moves with the server's event loop.
    package let progress = StageProgress(stage: "socket", maximumSilence: 30_000_000_000)
    private let settings: Settings
    private let hub: Hub
    private let group: MultiThreadedEventLoopGroup
    private let clients: ClientRegistry
    private let lifetime: SocketLifetime

    /// A server that does not listen yet. Clients get what is published to `hub`; what they ask goes to `handler`, if `access` permits it; what
    /// happens is counted in `metrics`.
    package init(
        settings: Settings, identity: ServerIdentity, hub: Hub, handler: any RequestHandler,
        access: AccessControl = AccessControl(), logger: Logger, metrics: DaemonMetrics? = nil
    ) {
        self.settings = settings
        limits = SocketLimits(maximumClients: settings.maximumClients, maximumClientBytes: settings.maximumClientBytes)
        self.hub = hub
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = ConnectionContext(
            settings: settings, limits: limits, identity: identity, hub: hub, handler: handler, access: access, logger: logger, metrics: metrics)
        metrics?.clients.follow { Double(hub.clientCount) }
        clients = ClientRegistry(context: context, eventLoop: group.next())
        lifetime = SocketLifetime()
    }

    /// Listens until graceful shutdown or cancellation, then closes all connections and removes the socket's file, if it is the
    /// server's own.
    package func run() async throws {
        do {
            try await start()
        } catch {
            await shutDown()
            throw error
        }
        // Throws when the task is cancelled instead; both end the server.
        try? await gracefulShutdown()
        await shutDown()
    }

    /// Binds the socket, or takes the inherited one, and accepts clients. Returns where clients find it. For those who do not use `run`;
    /// `shutDown` must follow.
    @discardableResult
    package func start() async throws(SocketError) -> String {
        let listening = try ListeningSocket(settings.listening)
        let registry = clients
        hub.attach { record in registry.broadcast(record) }
        let progress = progress
        group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { _ in progress.moved() }
        do {
            let channel = try await ServerBootstrap(group: group)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: ConnectionHandler.bytesPerTurn))
                .childChannelOption(.maxMessagesPerRead, value: 1)
                .childChannelInitializer { channel in registry.accept(channel) }
                .withBoundSocket(listening.descriptor)
                .get()
            lifetime.didStart(channel, listening)
            return listening.path
        } catch {
            listening.removeFile()
            throw SocketError(.system, "cannot listen on \(listening.path): \(error)")
        }
    }

    /// Removes the socket's file, where the process is about to end without `shutDown`. Safe on any thread.
    package func removeFile() { lifetime.listening?.removeFile() }

    /// Stops accepting, tells every client (`shutting_down`), closes the connections and removes the socket's file. Cancels the
    /// requests that are being done, and waits for the handler to return. Ends the thread: a server does not start twice.
    /// Calling it again does nothing.
    package func shutDown() async {
        guard let resources = lifetime.takeAll() else { return }
        hub.attach(nil)
        resources.listening?.removeFile()
        try? await resources.channel?.close()
        await clients.closeAll()
        try? await group.shutdownGracefully()
    }
}
