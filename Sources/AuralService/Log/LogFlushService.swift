import ServiceLifecycle

/// Tells how many lines were suppressed also when no other line follows.
package struct LogFlushService: Service {
    private let output: LogOutput
    private let timer: any IntervalTimer

    /// Plans the flushing of an output.
    package init(output: LogOutput, timer: any IntervalTimer = SystemTimer()) {
        self.output = output
        self.timer = timer
    }

    /// Flushes once a window until graceful shutdown or cancellation, and everything at the end.
    package func run() async throws {
        for await _ in timer.ticks(everyNanoseconds: RepeatLimiter.window).cancelOnGracefulShutdown() { output.flush() }
        output.flush(end: true)
    }
}
