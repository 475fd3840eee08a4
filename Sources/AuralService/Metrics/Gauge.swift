import Synchronization

/// A number that goes up and down: set by whoever knows it, or asked for when somebody looks.
package final class Gauge: Metric {
    private let bits: Atomic<UInt64>
    private let reading = Mutex<(@Sendable () -> Double)?>(nil)

    /// A gauge that shows `value` until it is set.
    package init(_ value: Double = 0) {
        bits = Atomic(value.bitPattern)
    }

    /// What it shows. Asks the closure of `follow`, so not for a hot path.
    package var value: Double {
        let closure = reading.withLock { $0 }
        return closure?() ?? Double(bitPattern: bits.load(ordering: .relaxed))
    }

    /// Shows a value: one relaxed atomic store, any thread.
    package func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    /// From now on shows what `reading` returns at the time of each look. It is called on the metrics thread and must not wait.
    package func follow(_ reading: @escaping @Sendable () -> Double) {
        self.reading.withLock { $0 = reading }
    }

    func write(to writer: inout ExpositionWriter, name: String, labels: String) {
        writer.sample(name, labels, value)
    }
}
