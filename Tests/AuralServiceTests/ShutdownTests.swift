import AuralWire
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import AuralService

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

    /// Fails at once, as a service whose engine does.
    private struct Failing: Service {
        func run() async throws { throw RawClient.Failure(description: "the engine") }
    }

    @Test("the deadline counts for an end that was asked for, not for one by a failure, which has a status of its own", .timeLimit(.minutes(5)))
    func deadline() async throws {
        for isFailure in [false, true] {
            let said = Notes<String>()
            let sink = LineSink()
            let deadline = ShutdownDeadline(
                logger: sink.logger(),
                later: { nanoseconds, body in
                    said.add("\(nanoseconds)")
                    body()
                }, end: { said.add("end") }, cleanUp: { said.add("clean") })
            let services: [any Service] = isFailure ? [deadline, Failing()] : [deadline]
            let group = ServiceGroup(
                configuration: .init(services: services.map { .init(service: $0) }, logger: LineSink().logger()))
            if isFailure {
                await #expect(throws: RawClient.Failure.self) { try await group.run() }
                #expect(said.all == [] && sink.lines.isEmpty)
            } else {
                async let run: Void = group.run()
                await group.triggerGracefulShutdown()
                try await run
                #expect(said.all == ["800000000", "clean", "end"])
                #expect(sink.lines == ["<5>ending in the middle of a frame\n"])
            }
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
