import AuralWire
import NIOCore

/// The client's end of a connection: decodes records, gives replies to those who wait for them and the rest to the sequence.
package final class ClientHandler: ChannelInboundHandler {
    /// Bytes of the daemon's lines.
    package typealias InboundIn = ByteBuffer
    /// Bytes of requests.
    package typealias OutboundOut = ByteBuffer
    /// Where records go.
    package typealias Producer = NIOThrowingAsyncSequenceProducer<
        ServerRecord, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, ClientHandlerDelegate
    >

    private let source: Producer.Source
    private let path: String
    private var splitter = LineSplitter()
    private var replies: [Int: EventLoopPromise<ReplyRecord>] = [:]
    private var nextID = 1
    private var mayRead = true
    private var context: ChannelHandlerContext?
    /// Why the connection is over.
    private var ending: SocketError?

    /// For a channel to the daemon behind `path`; without automatic reading, as reads are asked for here.
    package init(path: String, source: Producer.Source) {
        self.path = path
        self.source = source
    }

    package func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    package func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    package func channelActive(context: ChannelHandlerContext) { context.read() }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var events: [LineSplitter.Event] = []
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in splitter.append(bytes) { events.append($0) } }
        var records: [ServerRecord] = []
        for event in events {
            do {
                guard case .line(let line) = event else {
                    throw WireError(.invalidRecord, "a record is longer than a line may be")
                }
                let record = try ServerRecord(line: line)
                if !deliver(record) { records.append(record) }
            } catch {
                return end(
                    SocketError(.connectionClosed, "what listens on \(path) does not speak aurald's protocol: \(error)"), context)
            }
        }
        guard !records.isEmpty else { return }
        switch source.yield(contentsOf: records) {
        case .produceMore: break
        case .stopProducing: mayRead = false
        // Nobody iterates any more; replies still count.
        case .dropped: break
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if mayRead { context.read() }
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end(SocketError(.connectionClosed, "aurald on \(path) closed the connection"), context)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(SocketError(.connectionClosed, "the connection to \(path) failed: \(error)"), context)
    }

    /// The consumer has room again.
    func produceMore() {
        mayRead = true
        context?.read()
    }

    /// Sends a request under a number of this connection's own, and promises its reply, or the error of the connection's end. Nil once the channel
    /// has let go of this handler. On the event loop.
    package func send(_ request: Request) -> EventLoopFuture<ReplyRecord>? {
        guard let context else { return nil }
        // NIO takes a closed channel's handlers out one turn of the loop after it has told of the end: what is asked in between would wait for ever.
        if let ending { return context.eventLoop.makeFailedFuture(ending) }
        var request = request
        let id = nextID
        nextID += 1
        request.id = id
        let promise = context.eventLoop.makePromise(of: ReplyRecord.self)
        replies[id] = promise
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: request.encoded())), promise: nil)
        return promise.futureResult
    }

    /// Whether the record answers a request.
    private func deliver(_ record: ServerRecord) -> Bool {
        switch record {
        case .reply(let reply):
            guard let id = reply.id, let promise = replies.removeValue(forKey: id) else { return false }
            promise.succeed(reply)
        case .error(let error):
            if error.id == nil, error.code == .busy || error.code == .shuttingDown {
                // The daemon turns the whole connection away: that answers everything that was asked.
                for promise in replies.values { promise.fail(error) }
                replies = [:]
                return false
            }
            guard let id = error.id, let promise = replies.removeValue(forKey: id) else { return false }
            promise.fail(error)
        default: return false
        }
        return true
    }

    private func end(_ error: SocketError, _ context: ChannelHandlerContext) {
        ending = ending ?? error
        for promise in replies.values { promise.fail(error) }
        replies = [:]
        source.finish(error)
        context.close(promise: nil)
    }
}

/// Lets the records' consumer ask the connection for more.
package final class ClientHandlerDelegate: NIOAsyncSequenceProducerDelegate {
    private let channel: NIOLoopBoundBox<ClientHandler?>
    private let eventLoop: any EventLoop

    /// For a channel of this event loop.
    package init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        channel = NIOLoopBoundBox.makeEmptyBox(valueType: ClientHandler.self, eventLoop: eventLoop)
    }

    /// On the event loop.
    func attach(_ handler: ClientHandler) { channel.value = handler }

    /// The handler, on the event loop.
    var handler: ClientHandler? { channel.value }

    package func produceMore() {
        eventLoop.execute { self.channel.value?.produceMore() }
    }

    // The connection stays: replies may still be awaited. `Client.close` ends it.
    package func didTerminate() {}
}
