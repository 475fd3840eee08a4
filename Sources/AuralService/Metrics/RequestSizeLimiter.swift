import NIOCore

/// Ends a connection whose request is longer than any that we answer, before it is parsed.
final class RequestSizeLimiter: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let maximumBytes: Int
    private var bytes = 0
    private var hasRefused = false

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasRefused else { return }
        bytes += unwrapInboundIn(data).readableBytes
        guard bytes > maximumBytes else { return context.fireChannelRead(data) }
        hasRefused = true
        let text = "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        let channel = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(NIOAny(ByteBuffer(string: text))).assumeIsolated().whenComplete { _ in channel.value.close(promise: nil) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // A response: what comes now is the next request.
        bytes = 0
        context.write(data, promise: promise)
    }
}
