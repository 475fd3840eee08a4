import NIOCore
import NIOHTTP1

/// One connection of a scraper: one request at a time, each in time.
final class MetricsHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let settings: MetricsServer.Settings
    private let registry: MetricRegistry
    private let health: @Sendable () -> [String]
    private var request: HTTPRequestHead?
    private var isResponding = false
    private var isInputClosed = false
    private var deadline: Scheduled<Void>?

    init(settings: MetricsServer.Settings, registry: MetricRegistry, health: @escaping @Sendable () -> [String]) {
        self.settings = settings
        self.registry = registry
        self.health = health
    }

    func channelActive(context: ChannelHandlerContext) { expectRequest(context) }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            isInputClosed = true
            if !isResponding { context.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is no HTTP has been answered with 400 by the handler before this one.
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // No pipelining: who sends a second request before it reads the first response could make us keep any number of them.
            if isResponding { return context.close(promise: nil) }
            request = head
        case .body: break
        case .end:
            guard let head = request else { return }
            request = nil
            respond(to: head, context)
        }
    }

    private func respond(to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isResponding = true
        let response = MetricsResponse(method: head.method, target: head.uri, metrics: { registry.render() }, health: health)
        let closes = !head.isKeepAlive || isInputClosed
        context.write(wrapOutboundOut(.head(response.head(version: head.version, closing: closes))), promise: nil)
        if head.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: response.body)))), promise: nil)
        }
        let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { [self] result in
            isResponding = false
            guard case .success = result, !closes, !isInputClosed else { return channel.value.close(promise: nil) }
            expectRequest(channel.value)
        }
    }

    /// The next request and its response must be done within the time. Bytes that dribble do not prolong it: with a place for only a
    /// few connections, they would keep others out.
    private func expectRequest(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: settings.timeout) { channel.value.close(promise: nil) }
    }
}
