import AuralWire
import Foundation
import Synchronization

/// What browsers get: events for each, pictures for all. A browser that does not read is cut off; it comes back by itself and is told everything
/// that holds.
final class PreviewFeed: Sendable {
    /// How many events may wait for one browser: some seconds.
    static let patience = 256

    private struct State {
        var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var watchers: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var next = 0
        var shelf = PictureShelf()
        var link = ServerEvent.link(isConnected: false, reason: "not connected yet")
        /// The newest records that hold until others come.
        var lasting: [String: [UInt8]] = [:]
    }

    private let state = Mutex(State())
    private let onCountChange: @Sendable (Int) -> Void

    /// `onCountChange` is told how many browsers look.
    init(onCountChange: @escaping @Sendable (Int) -> Void) { self.onCountChange = onCountChange }

    /// Browsers that look.
    var count: Int { state.withLock { $0.listeners.count + $0.watchers.count } }

    /// Events for one more browser: first what holds, then what comes.
    func listen() -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingOldest(Self.patience))
        let number = state.withLock { state in
            state.next += 1
            continuation.yield(state.link)
            for record in state.lasting.values { continuation.yield(record) }
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [self] _ in remove(number) }
        onCountChange(count)
        return stream
    }

    /// Parts of a Motion-JPEG stream for one more viewer.
    func watch() -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingNewest(2))
        let number = state.withLock { state in
            state.next += 1
            state.watchers[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [self] _ in remove(number) }
        onCountChange(count)
        return stream
    }

    /// Tells browsers of a record; pictures are kept for those who ask.
    func publish(_ record: ServerRecord) {
        if case .picture(let picture) = record {
            return state.withLock { state in
                state.shelf.put(picture.sequence, picture.data)
                for watcher in state.watchers.values { watcher.yield(MotionJPEG.part(picture.data)) }
            }
        }
        guard let event = ServerEvent.record(record) else { return }
        state.withLock { state in
            switch record {
            case .hello: state.lasting = ["hello": event]
            case .source(let source): state.lasting["source \(source.medium.rawValue) \(source.source)"] = event
            default: break
            }
        }
        send(event)
    }

    /// Tells browsers whether there is a daemon.
    func tell(isConnected: Bool, reason: String) {
        let event = ServerEvent.link(isConnected: isConnected, reason: reason)
        state.withLock { state in
            state.link = event
            if !isConnected { state.lasting = [:] }
        }
        send(event)
    }

    /// The picture of a frame, while it is kept.
    func picture(_ sequence: UInt64) -> Data? { state.withLock { $0.shelf.picture(sequence) } }

    /// Keeps connections alive, so that one that is gone is noticed.
    func beat() { send(ServerEvent.beat) }

    private func send(_ event: [UInt8]) {
        let slow = state.withLock { state in
            state.listeners.values.filter { listener in
                if case .dropped = listener.yield(event) { true } else { false }
            }
        }
        for listener in slow { listener.finish() }
    }

    private func remove(_ number: Int) {
        state.withLock { state in
            state.listeners[number] = nil
            state.watchers[number] = nil
        }
        onCountChange(count)
    }
}
