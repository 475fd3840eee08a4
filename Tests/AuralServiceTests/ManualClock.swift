import AuralCore
import AuralService
import Synchronization

/// A clock that a test sets.
final class ManualClock: TimeSource {
    private let reading: Atomic<Int64>

    init(seconds: Double = 0) { reading = Atomic(Int64(seconds * 1e9)) }

    func now() -> MonoTime { MonoTime(nanoseconds: reading.load(ordering: .acquiring)) }

    /// Sets the clock.
    func set(seconds: Double) { reading.store(Int64(seconds * 1e9), ordering: .releasing) }
}

/// A timer that a test lets go off.
struct ManualTimer: IntervalTimer {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func ticks(everyNanoseconds interval: Int64) -> AsyncStream<Void> { stream }

    /// Lets it go off.
    func tick() { continuation.yield() }
}
