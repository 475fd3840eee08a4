import AuralService
import AuralWire
import Logging
import Synchronization
import Testing

@Suite struct ShutdownTests {
    /// Does nothing until its task is cancelled, and says when it begins.
    private final class EndlessHandler: RequestHandler {
        let began: AsyncStream<Void>
        private let continuation: AsyncStream<Void>.Continuation
        private let ended = Atomic(false)

        init() { (began, continuation) = AsyncStream.makeStream() }

        var hasEnded: Bool { ended.load(ordering: .acquiring) }

        func handle(_ request: Request, from client: ClientID) async -> Reply {
            let (forever, _) = AsyncStream<Void>.makeStream()
            continuation.yield()
            for await _ in forever {}
            ended.store(true, ordering: .releasing)
            return .failed(ErrorRecord(.shuttingDown, "cancelled"))
        }
    }

    @Test("a request that is being done is cancelled, and the server waits for it to end", .timeLimit(.minutes(5)))
    func cancelled() async throws {
        try await ServerFixture.withFolder { folder in
            let handler = EndlessHandler()
            let server = SocketServer(
                settings: .init(path: "\(folder)/s"), identity: ServerIdentity(version: "test", source: "replay"), hub: Hub(),
                handler: handler, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await server.start()
            let client = try RawClient(path: "\(folder)/s")
            try client.write("{\"id\":1,\"verb\":\"status\"}\n")
            for await _ in handler.began { break }
            await server.shutDown()
            #expect(handler.hasEnded)
            guard case .hello = try await client.next() else { throw RawClient.Failure(description: "hello comes first") }
            #expect(try await client.next() == .error(ErrorRecord(.shuttingDown, "aurald is shutting down")))
            #expect(try await client.next() == nil)
        }
    }
}
