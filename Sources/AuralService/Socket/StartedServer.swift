import ServiceLifecycle

/// A socket server that was started by hand, as one of the daemon's services: an unusable socket stops the start, not the running daemon.
struct StartedServer: Service {
    let server: SocketServer

    func run() async throws {
        try? await gracefulShutdown()
        await server.shutDown()
    }
}
