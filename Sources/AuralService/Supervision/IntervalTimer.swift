/// What wakes a service again and again, so that tests can do it by hand.
package protocol IntervalTimer: Sendable {
    /// One element each time the interval has gone by. Ends when its task is cancelled.
    func ticks(everyNanoseconds interval: Int64) -> AsyncStream<Void>
}

/// The runtime's own timer.
package struct SystemTimer: IntervalTimer {
    /// Makes one.
    package init() {}

    package func ticks(everyNanoseconds interval: Int64) -> AsyncStream<Void> {
        AsyncStream {
            do {
                try await Task.sleep(for: .nanoseconds(interval))
                return ()
            } catch {
                return nil
            }
        }
    }
}
