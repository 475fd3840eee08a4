import ServiceLifecycle

/// Says that the daemon is ready once its services run: only then are signals caught, and whoever hears it may send one at once.
struct ReadyService: Service {
    let announce: @Sendable () -> Void

    func run() async throws {
        announce()
        try? await gracefulShutdown()
    }
}
