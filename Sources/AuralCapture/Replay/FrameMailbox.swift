import AuralCore
import Dispatch
import Synchronization

/// A mailbox for one frame between a capture thread and the task that runs the networks. See `FrameMailboxState` for the rules.
package final class FrameMailbox: Sendable {
    private typealias Taker = CheckedContinuation<Frame?, Never>

    private let state: Mutex<FrameMailboxState<Taker>>
    private let nextID = Atomic<UInt64>(0)
    private let room = DispatchSemaphore(value: 0)

    /// An empty, open mailbox.
    package init(pressure: Pressure) {
        state = Mutex(FrameMailboxState(pressure: pressure))
    }

    /// Frames that were lost because a newer one came before they were taken.
    package var droppedCount: UInt64 { state.withLock { $0.droppedCount } }

    /// Frames that wait to be taken: 0 or 1.
    package var count: Int { state.withLock { $0.count } }

    /// Puts a frame into the mailbox. With `Pressure.wait` this blocks the calling thread while the mailbox is full, so call it on
    /// a thread of your own, never in a task. Returns false when the mailbox is closed.
    @discardableResult
    package func offer(_ frame: Frame) -> Bool {
        while true {
            switch state.withLock({ $0.offer(frame) }) {
            case .handOver(let taker):
                taker.resume(returning: frame)
                return true
            case .stored, .replaced: return true
            case .wait: room.wait()
            case .closed: return false
            }
        }
    }

    /// The next frame, as soon as there is one; nil when the mailbox is closed and empty, or when the task is cancelled.
    package func take() async -> Frame? {
        let id = nextID.wrappingAdd(1, ordering: .relaxed).oldValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation that came before the continuation was in the queue found nothing to cancel.
                let action: FrameMailboxState<Taker>.TakeAction = state.withLock { state in
                    Task.isCancelled ? .closed : state.take(id: id, continuation)
                }
                switch action {
                case .frame(let frame, let wakesProducer):
                    if wakesProducer { room.signal() }
                    continuation.resume(returning: frame)
                case .closed: continuation.resume(returning: nil)
                case .wait: break
                }
            }
        } onCancel: {
            state.withLock { $0.cancel(id: id) }?.resume(returning: nil)
        }
    }

    /// No more frames will be accepted: wakes everybody. The frame that is in the mailbox can still be taken.
    package func close() {
        let sleepers = state.withLock { $0.close() }
        for taker in sleepers.takers { taker.resume(returning: nil) }
        for _ in 0..<sleepers.producers { room.signal() }
    }
}
