import AuralCore
import AuralWire
import NIOCore
import Synchronization

/// Sends records to all clients: each is encoded once, whoever wants it. Safe to use from any thread; never waits for a client.
package final class Hub: Sendable {
    /// A record as bytes, shared by all clients.
    struct Encoded: Sendable {
        let bytes: ByteBuffer
        let kind: RecordKind
        /// For the state of a source: which one, so that clients that come later get the latest.
        var source: SourceKey?
        /// For a frame: when it was published.
        var published: MonoTime?
    }

    /// What tells sources apart.
    struct SourceKey: Hashable, Sendable {
        let name: String
        let medium: SourceRecord.Medium
    }

    private struct State {
        var encoder = FrameRecordEncoder()
        var sink: (@Sendable (Encoded) -> Void)?
        var latestFrame: FrameRecord?
        var framesPublished: UInt64 = 0
        var sources: [SourceRecord] = []
        var clientCount = 0
        var wanted: Set<Subscription.Topic> = []
        var follower: (@Sendable ([SourceRecord]) -> Void)?
    }

    private let state = Mutex(State())

    /// A hub without a server yet; what is published before is kept only as the latest frame and the sources' states.
    package init() {}

    /// The frame that was published last.
    package var latestFrame: FrameRecord? { state.withLock { $0.latestFrame } }
    /// Frames published since the start.
    package var framesPublished: UInt64 { state.withLock { $0.framesPublished } }
    /// The latest state of each source.
    package var sources: [SourceRecord] { state.withLock { $0.sources } }
    /// Clients that are connected.
    package var clientCount: Int { state.withLock { $0.clientCount } }

    /// Sends a frame. Frames must be published in order; a record longer than a line may be is replaced by an `internal` error.
    package func publish(_ frame: FrameRecord) {
        let now = SystemTimeSource().now()
        state.withLock { state in
            state.latestFrame = frame
            state.framesPublished += 1
            guard let sink = state.sink, state.clientCount > 0 else { return }
            let bytes = state.encoder.encode(frame) { ByteBuffer(bytes: $0) }
            sink(Self.checked(Encoded(bytes: bytes, kind: frame.kind, published: now), "frame \(frame.sequence)"))
        }
    }

    /// Whether any client wants such records: what nobody wants need not be made.
    package func wants(_ topic: Subscription.Topic) -> Bool { state.withLock { $0.wanted.contains(topic) } }

    /// Sends what belongs to a frame beside its masks. False where it is longer than a line may be, and so is left out.
    package func publish(part: some WireRecord) -> Bool {
        let encoded = Self.encode(part)
        guard encoded.bytes.readableBytes <= WireProtocol.maximumLineLength else { return false }
        state.withLock { state in
            guard let sink = state.sink, state.clientCount > 0 else { return }
            sink(encoded)
        }
        return true
    }

    /// Sends what becomes of an instance, after the frame that shows it; one that is longer than a line may be is replaced by an `internal` error.
    package func publish(_ instance: InstanceRecord) {
        state.withLock { state in
            guard let sink = state.sink, state.clientCount > 0 else { return }
            sink(Self.checked(Self.encode(instance), "instance \(instance.number)"))
        }
    }

    /// The record, or an error in its place where it is longer than a line may be.
    private static func checked(_ record: Encoded, _ name: String) -> Encoded {
        let count = record.bytes.readableBytes
        guard count > WireProtocol.maximumLineLength else { return record }
        return encode(ErrorRecord(.internal, "the record of \(name) has \(count) bytes, more than a line may have"))
    }

    /// Sends the state of a source, and keeps it for clients that come later.
    package func publish(_ source: SourceRecord) {
        state.withLock { state in
            if let index = state.sources.firstIndex(where: { $0.source == source.source && $0.medium == source.medium }) {
                state.sources[index] = source
            } else {
                state.sources.append(source)
            }
            state.sink?(Self.encode(source))
            state.follower?(state.sources)
        }
    }

    /// Calls `body` now and with every change of a source, with the latest state of each. It must not wait, nor call the hub.
    func followSources(_ body: @escaping @Sendable ([SourceRecord]) -> Void) {
        state.withLock { state in
            state.follower = body
            body(state.sources)
        }
    }

    /// Sends an error that belongs to no request.
    package func publish(_ error: ErrorRecord) {
        state.withLock { $0.sink?(Self.encode(error)) }
    }

    static func encode(_ record: some WireRecord) -> Encoded {
        Encoded(bytes: ByteBuffer(bytes: record.encoded()), kind: record.kind)
    }

    static func encode(_ source: SourceRecord) -> Encoded {
        Encoded(
            bytes: ByteBuffer(bytes: source.encoded()), kind: source.kind,
            source: SourceKey(name: source.source, medium: source.medium))
    }

    /// Where records go; nil when the server ends. The sink is called in order and must not wait; it first gets the sources'
    /// states.
    func attach(_ sink: (@Sendable (Encoded) -> Void)?) {
        state.withLock { state in
            state.sink = sink
            guard let sink else { return }
            for source in state.sources { sink(Self.encode(source)) }
        }
    }

    /// How many clients there are, and what any of them wants.
    func setClients(_ count: Int, wanting topics: Set<Subscription.Topic>) {
        state.withLock { state in
            state.clientCount = count
            state.wanted = topics
        }
    }
}
