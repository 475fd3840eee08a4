import AuralWire
import Foundation
import Synchronization

/// What browsers get: events for each, pictures for all. A browser that does not read is cut off; it comes back by itself and is told everything
/// that holds.
final class PreviewFeed: Sendable {
    /// How many events may wait for one browser: some seconds. There are three a frame: itself, its picture, its spectrogram.
    static let patience = 512

    private struct State {
        var listeners: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var watchers: [Int: AsyncStream<[UInt8]>.Continuation] = [:]
        var next = 0
        var shelf = PictureShelf()
        var link = ServerEvent.link(isConnected: false, reason: "not connected yet")
        /// The daemon's hello and, behind it, the newest states of its sources, in the order in which these came first.
        var lasting: [(key: String, event: [UInt8])] = []

        mutating func keep(_ key: String, _ event: [UInt8]) {
            if let place = lasting.firstIndex(where: { $0.key == key }) {
                lasting[place].event = event
            } else {
                lasting.append((key, event))
            }
        }
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
            for (_, event) in state.lasting { continuation.yield(event) }
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

    /// Tells browsers of a record; pictures are kept for those who ask, and browsers are told that they can.
    func publish(_ record: ServerRecord) {
        if case .picture(let picture) = record {
            state.withLock { state in
                state.shelf.put(picture.sequence, picture.data)
                guard !state.watchers.isEmpty else { return }
                let part = MotionJPEG.part(picture.sequence, picture.data)
                for watcher in state.watchers.values { watcher.yield(part) }
            }
            return send(ServerEvent.picture(picture.sequence))
        }
        guard let event = ServerEvent.record(record) else { return }
        state.withLock { state in
            switch record {
            case .hello: state.lasting = [("hello", event)]
            case .source(let source): state.keep("\(source.medium.rawValue) \(source.source)", event)
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
            if !isConnected {
                state.lasting = []
                // The next daemon counts from 0 again.
                state.shelf = PictureShelf()
            }
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
