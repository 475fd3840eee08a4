/// What waits for one client: bounded in bytes, and never a reason for anyone else to wait.
///
/// Pure: the driver calls `enqueue`, then asks `nextWrite` until it gets nothing, and says `didWrite` for each record that has
/// left. The bound counts what waits, not what is being written (`window`). The newest frame is always taken, so that at most
/// one frame more than the bound waits.
package struct ClientQueue<Payload: Sendable>: Sendable {
    /// What the driver does after `enqueue`.
    package enum Action: Sendable, Equatable {
        /// Ask `nextWrite`.
        case write
        /// Nothing: the record waits, or the client did not want it.
        case wait
        /// Close the connection; the queue is empty and stays so.
        case disconnect(Overflow)
    }

    /// Why a client is disconnected.
    package enum Overflow: Sendable, Equatable {
        /// Policy `disconnect`, and frames exceed the bound.
        case frames
        /// Replies and errors alone exceed the bound: the client asks and does not read.
        case control
    }

    /// What goes out next.
    package enum Write: Sendable {
        /// A record, with its number of bytes for `didWrite`.
        case record(Payload, byteCount: Int)
        /// A notice to be encoded; it is not counted.
        case dropped(DroppedRecord)
    }

    private struct Item: Sendable {
        let payload: Payload
        let kind: RecordKind
        let byteCount: Int
    }

    /// What the client gets. Changes apply to records that come later.
    package var subscription: Subscription
    /// The most bytes that may wait.
    package let maximumBytes: Int
    /// The most bytes that may be on their way (one record may exceed it).
    package let window: Int
    /// Bytes that wait.
    package private(set) var waitingBytes = 0
    /// Bytes on their way.
    package private(set) var bytesInFlight = 0
    /// Frames dropped since the beginning.
    package private(set) var framesDropped = 0

    // Items before `head` are gone; they are cut off now and then, so that taking one costs the same however many wait.
    private var items: [Item?] = []
    private var head = 0
    private var notice: DroppedRecord?
    private var frameCount = 0
    private var isClosed = false

    /// An empty queue. `window` is how much the driver may hand to the kernel and its own buffers before it is told to wait.
    package init(subscription: Subscription = Subscription(), maximumBytes: Int, window: Int = 65_536) {
        self.subscription = subscription
        self.maximumBytes = maximumBytes
        self.window = window
    }

    /// Adds a record of `byteCount` bytes.
    package mutating func enqueue(_ payload: Payload, kind: RecordKind, byteCount: Int) -> Action {
        guard !isClosed, subscription.includes(kind) else { return .wait }
        if case .frame = kind, !isSampled() { return .wait }
        // A client for whom nothing waits is not slow, however large the record is.
        if waitingBytes > 0, waitingBytes > maximumBytes - byteCount {
            if case .frame = kind, case .disconnect = subscription.policy { return close(.frames) }
            dropFrames()
            switch kind {
            case .frame: break
            case .source, .control:
                if waitingBytes > 0, waitingBytes > maximumBytes - byteCount { return close(.control) }
            }
        }
        items.append(Item(payload: payload, kind: kind, byteCount: byteCount))
        waitingBytes += byteCount
        return canWrite ? .write : .wait
    }

    /// Whether nothing waits and nothing is on its way.
    package var isEmpty: Bool { waitingBytes == 0 && bytesInFlight == 0 }

    /// The next thing to write, or nil until `didWrite` makes room or something is enqueued.
    package mutating func nextWrite() -> Write? {
        guard head < items.count, let first = items[head], canWrite else { return nil }
        if case .frame = first.kind, let notice {
            self.notice = nil
            return .dropped(notice)
        }
        removeFirst()
        waitingBytes -= first.byteCount
        bytesInFlight += first.byteCount
        return .record(first.payload, byteCount: first.byteCount)
    }

    /// A record that `nextWrite` gave has left. Ask `nextWrite` again.
    package mutating func didWrite(byteCount: Int) {
        bytesInFlight = max(bytesInFlight - byteCount, 0)
    }

    private mutating func removeFirst() {
        items[head] = nil
        head += 1
        if head == items.count || head >= 256 {
            items.removeFirst(head)
            head = 0
        }
    }

    private var canWrite: Bool { bytesInFlight < window }

    private mutating func isSampled() -> Bool {
        guard case .sample(let every) = subscription.policy else { return true }
        defer { frameCount = (frameCount + 1) % max(every, 1) }
        return frameCount == 0
    }

    private mutating func dropFrames() {
        var kept: [Item?] = []
        for case let item? in items {
            guard case .frame(let sequence) = item.kind else {
                kept.append(item)
                continue
            }
            waitingBytes -= item.byteCount
            framesDropped += 1
            if notice == nil { notice = DroppedRecord(from: sequence, to: sequence, count: 0, reason: .slowReader) }
            notice?.to = sequence
            notice?.count += 1
        }
        items = kept
        head = 0
    }

    private mutating func close(_ overflow: Overflow) -> Action {
        isClosed = true
        for case let item? in items { if case .frame = item.kind { framesDropped += 1 } }
        // The one that did not fit.
        if overflow == .frames { framesDropped += 1 }
        items = []
        head = 0
        notice = nil
        waitingBytes = 0
        return .disconnect(overflow)
    }
}
