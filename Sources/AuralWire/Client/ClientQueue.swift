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
        /// What is never dropped exceeds the bound alone: the client asks and does not read.
        case control
    }

    /// What goes out next.
    package enum Write: Sendable {
        /// A record, with its number of bytes for `didWrite`.
        case record(Payload, byteCount: Int)
        /// A notice to be encoded; it is not counted.
        case dropped(DroppedRecord)
    }

    struct Item: Sendable {
        let payload: Payload
        let kind: RecordKind
        let byteCount: Int
    }

    /// What the client gets. Changes apply to records that come later.
    package var subscription: Subscription
    /// The most bytes that may wait, but for clients that want pictures or sound.
    package let maximumBytes: Int
    /// The most bytes that may wait: a picture or a second of sound is as large as hundreds of masks.
    package var bound: Int { subscription.hasParts ? min(maximumBytes, .max / Self.partsFactor) * Self.partsFactor : maximumBytes }
    private static var partsFactor: Int { 16 }
    /// The most bytes that may be on their way (one record may exceed it).
    package let window: Int
    /// Bytes that wait.
    package internal(set) var waitingBytes = 0
    /// Bytes on their way.
    package private(set) var bytesInFlight = 0
    /// Frames dropped since the beginning.
    package internal(set) var framesDropped = 0
    /// Instance records dropped since the beginning.
    package internal(set) var instancesDropped = 0
    /// Pictures and pieces of sound dropped since the beginning.
    package internal(set) var partsDropped = 0
    /// All together.
    package var recordsDropped: Int { framesDropped + instancesDropped + partsDropped }

    // Items before `head` are gone; they are cut off now and then, so that taking one costs the same however many wait.
    var items: [Item?] = []
    var head = 0
    var notice: DroppedRecord?
    var isClosed = false
    private var frameCount = 0
    private var sampled: (sequence: UInt64, isTaken: Bool)?

    /// An empty queue. `window` is how much the driver may hand to the kernel and its own buffers before it is told to wait.
    package init(subscription: Subscription = Subscription(), maximumBytes: Int, window: Int = 65_536) {
        self.subscription = subscription
        self.maximumBytes = maximumBytes
        self.window = window
    }

    /// Adds a record of `byteCount` bytes.
    package mutating func enqueue(_ payload: Payload, kind: RecordKind, byteCount: Int) -> Action {
        guard !isClosed, subscription.includes(kind) else { return .wait }
        if let sequence = kind.sampledSequence, !isSampled(sequence) { return .wait }
        if !fits(byteCount) {
            if kind.sampledSequence != nil, case .disconnect = subscription.policy { return close(.frames, kind) }
            switch makeRoom(for: kind, byteCount) {
            case .take: break
            case .leaveOut: return canWrite ? .write : .wait
            case .disconnect: return close(.control, kind)
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
        if first.kind.comesAfterNotice, let notice {
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

    /// Whether a frame, and what else there is of it, is one of those that are sent.
    private mutating func isSampled(_ sequence: UInt64) -> Bool {
        guard case .sample(let every) = subscription.policy else { return true }
        if let sampled, sampled.sequence == sequence { return sampled.isTaken }
        sampled = (sequence, frameCount == 0)
        defer { frameCount = (frameCount + 1) % max(every, 1) }
        return frameCount == 0
    }
}
