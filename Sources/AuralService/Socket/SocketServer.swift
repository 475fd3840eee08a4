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
        /// The socket's path.
        package var path: String
        /// The most clients at a time.
        package var maximumClients: Int
        /// The most bytes that wait for one client (see `ClientQueue`).
        package var maximumClientBytes: Int
        /// Bytes handed to the kernel for one client before its queue holds back (see `ClientQueue.window`).
        package var window: Int
        /// The socket file's permissions.
        package var mode: UInt32

        /// Settings with the defaults of the configuration.
        package init(
            path: String, maximumClients: Int = 64, maximumClientBytes: Int = 262_144, window: Int = 65_536, mode: UInt32 = 0o660
        ) {
            self.path = path
            self.maximumClients = maximumClients
            self.maximumClientBytes = maximumClientBytes
            self.window = window
            self.mode = mode
        }
    }

    private let settings: Settings
    private let hub: Hub
    private let group: MultiThreadedEventLoopGroup
    private let clients: ClientRegistry
    private let lifetime: SocketLifetime

    /// A server that does not listen yet. Clients get what is published to `hub`; what they ask goes to `handler`.
    package init(settings: Settings, identity: ServerIdentity, hub: Hub, handler: any RequestHandler, logger: Logger) {
        self.settings = settings
        self.hub = hub
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let context = ConnectionContext(settings: settings, identity: identity, hub: hub, handler: handler, logger: logger)
        clients = ClientRegistry(context: context, eventLoop: group.next())
        lifetime = SocketLifetime()
    }

    /// Listens until graceful shutdown or cancellation, then closes all connections and removes the socket's file.
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

    /// Binds the socket and accepts clients. For those who do not use `run`; `shutDown` must follow.
    package func start() async throws(SocketError) {
        let listening = try ListeningSocket(path: settings.path, mode: settings.mode)
        let registry = clients
        hub.attach { record in registry.broadcast(record) }
        do {
            let channel = try await ServerBootstrap(group: group)
                .childChannelOption(.allowRemoteHalfClosure, value: true)
                .childChannelInitializer { channel in registry.accept(channel) }
                .withBoundSocket(listening.descriptor)
                .get()
            lifetime.didStart(channel, listening)
        } catch {
            listening.removeFile()
            throw SocketError(.system, "cannot listen on \(settings.path): \(error)")
        }
    }

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
