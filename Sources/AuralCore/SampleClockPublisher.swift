import Synchronization

/// Passes a sample clock's reading from the capture thread to all others.
package final class SampleClockPublisher: Sendable {
    private let latest = Mutex<SampleClockReading?>(nil)

    /// Nothing has been read yet.
    package init() {}

    /// The newest reading; nil before the first.
    package var reading: SampleClockReading? { latest.withLock { $0 } }

    /// Replaces the reading.
    package func publish(_ reading: SampleClockReading?) { latest.withLock { $0 = reading } }
}
