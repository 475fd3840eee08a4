import AuralClient
import AuralWire
import NIOCore
import NIOEmbedded
import Testing

/// The Swift client's end of a connection, step by step on an event loop that is turned by hand.
@Suite struct ClientHandlerTests {
    @Test("what is asked after the connection's end, before the channel lets go of its handlers, is answered with that end")
    func askedTooLate() throws {
        let channel = EmbeddedChannel()
        let delegate = ClientHandlerDelegate(eventLoop: channel.eventLoop)
        let parts = ClientHandler.Producer.makeSequence(
            elementType: ServerRecord.self, failureType: (any Error).self,
            backPressureStrategy: NIOAsyncSequenceProducerBackPressureStrategies.HighLowWatermark(lowWatermark: 4, highWatermark: 32),
            finishOnDeinit: false, delegate: delegate)
        let handler = ClientHandler(path: "/run/s", source: parts.source)
        try channel.pipeline.syncOperations.addHandler(handler)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/run/s")).wait()
        let request = Request(id: nil, verb: .reset, body: .reset)
        let early = try #require(handler.send(request))

        // NIO tells of the end first, and takes the handlers out in a later turn of the loop: here nobody turns it.
        _ = channel.close()
        let late = try #require(handler.send(request))
        for reply in [early, late] {
            var ends: [SocketError.Code?] = []
            reply.assumeIsolated().whenFailure { ends.append(($0 as? SocketError)?.code) }
            #expect(ends == [.connectionClosed])
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
