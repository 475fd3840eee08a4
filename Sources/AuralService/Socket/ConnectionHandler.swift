import AuralWire
import Logging
import NIOCore

/// One client: drives its `LineSplitter`, `RequestParser` and `ClientQueue` on the event loop, and decides nothing itself.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The most requests of one client that may wait for the one that is being done.
    static let maximumWaitingRequests = 64

    /// How long a client is not read after a line that could not be taken.
    static let pause = TimeAmount.milliseconds(10)
    /// The most bytes that are read from one client before the others have their turn: some dozens of requests. A long mask just takes
    /// several turns.
    static let bytesPerTurn = 4096

    private let id: ClientID
    private let shared: ConnectionContext
    private let registry: ClientRegistry
    private var splitter = LineSplitter()
    private var queue: ClientQueue<ByteBuffer>
    private var waiting: [Request] = []
    private var isHandling = false
    private var isGreeted = false
    private var isInputClosed = false
    private var peer: PeerCredentials?
    private var isPaused = false
    private var context: ChannelHandlerContext?
    private var logger: Logger

    init(id: ClientID, context: ConnectionContext, registry: ClientRegistry) {
        self.id = id
        self.shared = context
        self.registry = registry
        queue = ClientQueue(maximumBytes: context.limits.maximumClientBytes, window: context.settings.window)
        logger = context.logger
        logger[metadataKey: "client"] = "\(id)"
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        // Here the connection has just been accepted.
        peer = PeerCredentials.read(from: context.channel)
    }

    /// What the client wants. On the event loop.
    var topics: [Subscription.Topic] { queue.subscription.topics }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelActive(context: ChannelHandlerContext) {
        let credentials: Logger.Metadata = peer.map { ["pid": "\($0.process)", "uid": "\($0.user)", "gid": "\($0.group)"] } ?? [:]
        logger.info("client connected", metadata: credentials)
        send(Hub.encode(shared.identity.hello(size: shared.hub.latestFrame?.size)))
        for source in registry.sources { send(source) }
        isGreeted = true
    }

    func channelInactive(context: ChannelHandlerContext) {
        waiting = []
        registry.remove(id)
        logger.info("client disconnected", metadata: ["frames_dropped": "\(queue.framesDropped)"])
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            // Someone who pipes requests in: gets the replies that are due, and nothing new.
            isInputClosed = true
            closeWhenDone()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A client that goes away in the middle of a write is no fault of ours.
        logger.debug("connection failed", metadata: ["error": "\(error)"])
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var events: [LineSplitter.Event] = []
        unwrapInboundIn(data).withUnsafeReadableBytes { bytes in splitter.append(bytes) { events.append($0) } }
        for event in events {
            switch event {
            case .tooLong: refuse(RequestParser.tooLong)
            case .line(let line):
                switch RequestParser.parse(line) {
                case .failure(let error): refuse(error)
                case .success(let request): take(request)
                }
            }
        }
    }

    /// Answers a line that is no request.
    private func refuse(_ error: ErrorRecord) {
        shared.metrics?.prompts(.invalid, PromptResult(error.code)).increment()
        send(Hub.encode(error))
        pauseReading()
    }

    /// Who sends what cannot be done is read on a little later. Otherwise one client that sends garbage as fast as it can would keep a
    /// core busy with parsing, and every other client's frames waiting behind it.
    private func pauseReading() {
        guard !isPaused, let context else { return }
        isPaused = true
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [weak self] in
            guard let self, let context = self.context else { return }
            isPaused = false
            try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }

    /// Sends what all clients get. A broadcast may run between accepting the connection and its first event: hello still comes
    /// first, and what the client misses before it is in the sources' states.
    func broadcast(_ record: Hub.Encoded) {
        if isGreeted, !isInputClosed { send(record) }
    }

    /// Puts a record into the client's queue, if the client wants it. On the event loop.
    func send(_ record: Hub.Encoded) {
        let droppedBefore = queue.recordsDropped
        let policy = queue.subscription.policy
        defer {
            let dropped = queue.recordsDropped - droppedBefore
            if dropped > 0 { shared.metrics?.recordsDropped[PolicyLabel(policy)].increment(by: UInt64(dropped)) }
        }
        switch queue.enqueue(record.bytes, kind: record.kind, byteCount: record.bytes.readableBytes) {
        case .write: write()
        case .wait: break
        case .disconnect(let overflow):
            let reason = overflow == .frames ? "its policy is disconnect and it reads too slowly" : "it does not read its replies"
            logger.warning("client disconnected: \(reason)", metadata: ["client_bytes": "\(queue.maximumBytes)"])
            close()
        }
    }

    /// Closes the connection; what the kernel has not taken yet is lost.
    func close() {
        context?.close(promise: nil)
    }

    private func closeWhenDone() {
        if isInputClosed, !isHandling, waiting.isEmpty, queue.isEmpty { close() }
    }

    private func write() {
        guard let context else { return }
        var hasWritten = false
        while let next = queue.nextWrite() {
            hasWritten = true
            switch next {
            case .dropped(let notice):
                logger.warning("client reads too slowly: frames dropped", metadata: notice.metadata)
                context.write(wrapOutboundOut(Hub.encode(notice).bytes), promise: nil)
            case .record(let bytes, let byteCount):
                context.write(wrapOutboundOut(bytes)).assumeIsolated().whenComplete { [weak self] result in
                    guard case .success = result, let self else { return }
                    self.queue.didWrite(byteCount: byteCount)
                    self.write()
                    self.closeWhenDone()
                }
            }
        }
        if hasWritten { context.flush() }
    }

    private func take(_ request: Request) {
        guard waiting.count < Self.maximumWaitingRequests else {
            count(request, PromptResult(.busy))
            pauseReading()
            return send(
                Hub.encode(
                    ErrorRecord(.busy, "\(waiting.count) requests of this client wait already; await replies", id: request.id)))
        }
        waiting.append(request)
        handleNext()
    }

    /// One request at a time, so that replies come in the order of the requests.
    private func handleNext() {
        while !isHandling, !waiting.isEmpty {
            let request = waiting.removeFirst()
            if case .subscribe(let policy, let topics) = request.body {
                if let policy { queue.subscription.policy = policy }
                if let topics { queue.subscription.topics = topics }
                registry.tell()
                send(Hub.encode(ReplyRecord(id: request.id, verb: request.verb)))
                continue
            }
            let policy = shared.access.policy
            guard !request.changesTracking || policy.mayChange(peer) else {
                logger.warning("request refused: not permitted", metadata: ["verb": "\(request.verb.rawValue)", "uid": "\(peer?.user ?? .max)"])
                send(Hub.encode(policy.refusal(of: request.verb, to: peer, id: request.id)))
                continue
            }
            isHandling = true
            registry.handle(request, from: id) { [weak self] reply in self?.finish(request, reply) }
        }
    }

    private func finish(_ request: Request, _ reply: Reply) {
        isHandling = false
        switch reply {
        case .done(var record):
            count(request, .ok)
            record.id = request.id
            send(Hub.encode(record))
        case .failed(var error):
            count(request, PromptResult(error.code))
            error.id = request.id
            send(Hub.encode(error))
        }
        handleNext()
        closeWhenDone()
    }

    private func count(_ request: Request, _ result: PromptResult) {
        if let verb = PromptVerb(request.verb) { shared.metrics?.prompts(verb, result).increment() }
    }
}

extension DroppedRecord {
    /// The notice as the log has it.
    fileprivate var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["from": "\(from)", "to": "\(to)", "n": "\(count)"]
        if let instances { metadata["instances"] = "\(instances)" }
        return metadata
    }
}
