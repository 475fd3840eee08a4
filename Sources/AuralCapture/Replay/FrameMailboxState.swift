import AuralCore

/// A mailbox for one frame, as a pure state machine. `Taker` is whatever stands for someone who waits for a frame (a continuation;
/// in tests a name).
///
/// The rules: a frame goes to the taker that has waited longest; else into the empty slot; else `pressure` decides. After `close`
/// nothing more is accepted; the frame in the slot may still be taken.
package struct FrameMailboxState<Taker> {
    /// What the producer has to do.
    package enum OfferAction {
        /// Give the frame to this taker.
        case handOver(Taker)
        /// Nothing: the frame is in the slot.
        case stored
        /// Nothing: the frame is in the slot, the one before it is lost and counted.
        case replaced
        /// Sleep until woken (by `TakeAction.frame` or `close`), then offer the frame again.
        case wait
        /// Stop: the mailbox is closed.
        case closed
    }

    /// What the consumer has to do.
    package enum TakeAction {
        /// Use the frame, and wake one sleeping producer if `wakesProducer`.
        case frame(Frame, wakesProducer: Bool)
        /// Sleep: the taker is in the queue.
        case wait
        /// Stop: no frame is left and none will come.
        case closed
    }

    /// What is done with a frame when the slot is full.
    package let pressure: Pressure
    /// Frames that were lost because a newer one came before they were taken.
    package private(set) var droppedCount: UInt64 = 0
    /// True once `close` was called.
    package private(set) var isClosed = false

    /// Frames that wait to be taken: 0 or 1.
    package var count: Int { slot == nil ? 0 : 1 }

    private var slot: Frame?
    private var takers: [(id: UInt64, taker: Taker)] = []
    private var sleepingProducers = 0

    /// An empty, open mailbox.
    package init(pressure: Pressure) {
        self.pressure = pressure
    }

    /// A producer brings a frame.
    package mutating func offer(_ frame: Frame) -> OfferAction {
        if isClosed { return .closed }
        if !takers.isEmpty { return .handOver(takers.removeFirst().taker) }
        guard slot != nil else {
            slot = frame
            return .stored
        }
        switch pressure {
        case .live:
            slot = frame
            droppedCount += 1
            return .replaced
        case .wait:
            sleepingProducers += 1
            return .wait
        }
    }

    /// A consumer asks for a frame; `id` is its name for `cancel`.
    package mutating func take(id: UInt64, _ taker: @autoclosure () -> Taker) -> TakeAction {
        if let frame = slot {
            slot = nil
            let wakes = sleepingProducers > 0
            if wakes { sleepingProducers -= 1 }
            return .frame(frame, wakesProducer: wakes)
        }
        if isClosed { return .closed }
        takers.append((id, taker()))
        return .wait
    }

    /// A sleeping consumer gives up; returns it if it was still asleep, so that it can be woken without a frame.
    package mutating func cancel(id: UInt64) -> Taker? {
        guard let index = takers.firstIndex(where: { $0.id == id }) else { return nil }
        return takers.remove(at: index).taker
    }

    /// No more frames: returns everybody who sleeps, to be woken.
    package mutating func close() -> (takers: [Taker], producers: Int) {
        isClosed = true
        defer {
            takers = []
            sleepingProducers = 0
        }
        return (takers.map(\.taker), sleepingProducers)
    }
}
