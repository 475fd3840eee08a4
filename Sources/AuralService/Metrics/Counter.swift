import Synchronization

/// A number that only grows. Incrementing is one relaxed atomic addition: no lock, no allocation, any thread.
package final class Counter: Metric {
    /// What is counted.
    package enum Unit: Sendable {
        /// Things.
        case one
        /// Nanoseconds, which Prometheus is shown as seconds.
        case nanoseconds
    }

    private let count = Atomic<UInt64>(0)
    private let reading = Mutex<(@Sendable () -> UInt64)?>(nil)
    private let unit: Unit

    /// A counter at 0.
    package init(_ unit: Unit = .one) {
        self.unit = unit
    }

    /// What has been counted, here and by whom it follows, in the counter's unit.
    package var value: UInt64 {
        let closure = reading.withLock { $0 }
        return (closure?() ?? 0) &+ count.load(ordering: .relaxed)
    }

    /// From now on shows also what somebody else counts. `reading` is called on the metrics thread and must not wait.
    package func follow(_ reading: @escaping @Sendable () -> UInt64) {
        self.reading.withLock { $0 = reading }
    }

    /// Adds to it.
    package func increment(by amount: UInt64 = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    func write(to writer: inout ExpositionWriter, name: String, labels: String) {
        switch unit {
        case .one: writer.sample(name, labels, value)
        case .nanoseconds: writer.sample(name, labels, Double(value) / 1e9)
        }
    }
}
