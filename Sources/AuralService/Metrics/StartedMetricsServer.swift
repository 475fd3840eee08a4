import ServiceLifecycle

/// A metrics server that was started by hand, as one of the daemon's services: see `StartedServer`.
struct StartedMetricsServer: Service {
    let server: MetricsServer

    func run() async throws {
        try? await gracefulShutdown()
        await server.shutDown()
    }
}
