import UnixSignals

/// Commands that a person ends with Ctrl-C, in order.
enum Interruptible {
    /// Runs `body` until it is done, or cancels it at SIGINT or SIGTERM.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let work = Task { try await body() }
        let watch = Task {
            for await _ in signals { work.cancel() }
        }
        defer { watch.cancel() }
        return try await work.value
    }
}
