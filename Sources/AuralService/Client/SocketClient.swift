import AuralCore
import AuralWire
import Glibc
import NIOCore
import NIOPosix

/// A connection to a daemon, for commands like `watch` and `prompt`.
///
/// Reading is by demand: who does not iterate `records` is slow in the daemon's eyes, and gets a `dropped` record later. A
/// command that only asks sends `subscribe` with no topics first.
package final class SocketClient: Sendable {
    /// The records that are no replies to `send`, in order. Ends by throwing `SocketError` when the daemon goes. To be iterated
    /// once.
    package struct Records: AsyncSequence, Sendable {
        /// What comes.
        package typealias Element = ServerRecord

        let sequence: ClientHandler.Producer

        /// Takes the records one by one.
        package struct AsyncIterator: AsyncIteratorProtocol {
            var iterator: ClientHandler.Producer.AsyncIterator

            /// The next record, nil when the task is cancelled.
            package mutating func next() async throws -> ServerRecord? {
                try await iterator.next()
            }
        }

        /// Starts to iterate; once only.
        package func makeAsyncIterator() -> AsyncIterator {
            AsyncIterator(iterator: sequence.makeAsyncIterator())
        }
    }

    /// See `Records`.
    package let records: Records
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
    package static func connect(path: String) async throws(SocketError) -> SocketClient {
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
            return SocketClient(records: Records(sequence: parts.sequence), channel: channel, delegate: delegate, path: path)
        } catch {
            source.finish()
            throw Self.failure(error, path)
        }
    }

    /// Sends a request and awaits its reply. The request's `id` is replaced by a number of this connection. Throws the daemon's
    /// `ErrorRecord`, or `SocketError.Code.connectionClosed` when the connection ends first.
    package func send(_ request: Request) async throws -> ReplyRecord {
        let closed = SocketError(.connectionClosed, "the connection to \(path) is closed")
        return try await channel.eventLoop.flatSubmit { [channel, delegate] in
            delegate.handler?.send(request) ?? channel.eventLoop.makeFailedFuture(closed)
        }.get()
    }

    /// Ends the connection. Calling it again does nothing.
    package func close() async {
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
