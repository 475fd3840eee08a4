import AuralWire
import NIOCore

/// The client's end of a connection: decodes records, gives replies to those who wait for them and the rest to the sequence.
final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    typealias Producer = NIOThrowingAsyncSequenceProducer<
        ServerRecord, any Error, NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark, ClientHandlerDelegate
    >

    private let source: Producer.Source
    private let path: String
    private var splitter = LineSplitter()
    private var replies: [Int: EventLoopPromise<ReplyRecord>] = [:]
    private var nextID = 1
    private var mayRead = true
    private var context: ChannelHandlerContext?

    init(path: String, source: Producer.Source) {
        self.path = path
        self.source = source
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) { context.read() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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

    func channelReadComplete(context: ChannelHandlerContext) {
        if mayRead { context.read() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(SocketError(.connectionClosed, "aurald on \(path) closed the connection"), context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(SocketError(.connectionClosed, "the connection to \(path) failed: \(error)"), context)
    }

    /// The consumer has room again.
    func produceMore() {
        mayRead = true
        context?.read()
    }

    /// Sends a request under a number of this connection's own, and promises its reply.
    func send(_ request: Request) -> EventLoopFuture<ReplyRecord>? {
        guard let context else { return nil }
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
        for promise in replies.values { promise.fail(error) }
        replies = [:]
        source.finish(error)
        context.close(promise: nil)
    }
}

/// Lets the records' consumer ask the connection for more.
final class ClientHandlerDelegate: NIOAsyncSequenceProducerDelegate {
    private let channel: NIOLoopBoundBox<ClientHandler?>
    private let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        channel = NIOLoopBoundBox.makeEmptyBox(valueType: ClientHandler.self, eventLoop: eventLoop)
    }

    /// On the event loop.
    func attach(_ handler: ClientHandler) { channel.value = handler }

    /// The handler, on the event loop.
    var handler: ClientHandler? { channel.value }

    func produceMore() {
        eventLoop.execute { self.channel.value?.produceMore() }
    }

    // The connection stays: replies may still be awaited. `SocketClient.close` ends it.
    func didTerminate() {}
}
