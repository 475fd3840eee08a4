import AuralCore
import AuralWire
import Glibc
import NIOCore
import NIOPosix

/// A connection to a running aurald: its records as they come, and requests with their replies.
///
/// Reading is by demand: who does not iterate `records` is slow in the daemon's eyes, and gets a `dropped` record later. Who only asks subscribes to
/// no topics first. Safe to use from any task.
public final class Client: Sendable {
    /// The records that are no replies to `send`, in order. Ends by throwing `SocketError` when the daemon goes. To be iterated
    /// once.
    public struct Records: AsyncSequence, Sendable {
        /// What comes.
        public typealias Element = ServerRecord

        let sequence: ClientHandler.Producer

        /// Takes the records one by one.
        public struct AsyncIterator: AsyncIteratorProtocol {
            var iterator: ClientHandler.Producer.AsyncIterator

            /// The next record, nil when the task is cancelled.
            public mutating func next() async throws -> ServerRecord? {
                try await iterator.next()
            }
        }

        /// Starts to iterate; once only.
        public func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(iterator: sequence.makeAsyncIterator())
        }
    }

    /// See `Records`.
    public let records: Records
    private let channel: any Channel
    private let delegate: ClientHandlerDelegate
    private let path: String

    private init(records: Records, channel: any Channel, delegate: ClientHandlerDelegate, path: String) {
        self.records = records
        self.channel = channel
        self.delegate = delegate
        self.path = path
    }

    /// Connects to the daemon behind `path`; throws `SocketError.Code.unavailable` where there is none. The first record is its
    /// `hello`.
    public static func connect(path: String) async throws(SocketError) -> Client {
        _ = try UnixAddress(path: path)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let delegate = ClientHandlerDelegate(eventLoop: eventLoop)
        let parts = ClientHandler.Producer.makeSequence(
            elementType: ServerRecord.self, failureType: (any Error).self,
            backPressureStrategy: NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(
                lowWatermark: 4, highWatermark: 32),
            finishOnDeinit: false, delegate: delegate)
        let source = parts.source
        do {
            let channel = try await ClientBootstrap(group: eventLoop)
                .channelOption(.autoRead, value: false)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = ClientHandler(path: path, source: source)
                        delegate.attach(handler)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .connect(unixDomainSocketPath: path)
                .get()
            return Client(records: Records(sequence: parts.sequence), channel: channel, delegate: delegate, path: path)
        } catch {
            source.finish()
            throw Self.failure(error, path)
        }
    }

    /// Sends a request and awaits its reply. The request's `id` is replaced by a number of this connection. Throws the daemon's
    /// `ErrorRecord`, or `SocketError.Code.connectionClosed` when the connection ends first.
    public func send(_ request: Request) async throws -> ReplyRecord {
        let closed = SocketError(.connectionClosed, "the connection to \(path) is closed")
        return try await channel.eventLoop.flatSubmit { [channel, delegate] in
            delegate.handler?.send(request) ?? channel.eventLoop.makeFailedFuture(closed)
        }.get()
    }

    /// Ends the connection. Calling it again does nothing.
    public func close() async {
        try? await channel.close()
    }

    private static func failure(_ error: any Error, _ path: String) -> SocketError {
        let number = (error as? IOError)?.errnoCode
        switch number {
        case ENOENT, ECONNREFUSED:
            return SocketError(.unavailable, "no aurald listens on \(path); start it with aurald run --config FILE")
        case EACCES, EPERM:
            return SocketError(.denied, "not permitted to connect to \(path); the socket's group may (see ls -l \(path))")
        default: return SocketError(.unavailable, "cannot connect to \(path): \(error)")
        }
    }
}
