import AuralClient
import AuralCore
import AuralService
import AuralWire
import Foundation
import Logging
import ServiceLifecycle
import Testing

@Suite(.serialized) struct SocketServerTests {
    private func request(_ verb: Request.Verb, _ body: Request.Body) -> Request { Request(id: nil, verb: verb, body: body) }

    @Test("the first record is hello; frames follow; requests get their replies", .timeLimit(.minutes(5)))
    func conversation() async throws {
        try await ServerFixture.withServer { fixture in
            fixture.hub.publish(SourceRecord(source: "clip", medium: .video, state: .streaming))
            let client = try await Client.connect(path: fixture.path)
            var records = client.records.makeAsyncIterator()
            guard case .hello(let hello) = try await records.next() else {
                throw RawClient.Failure(description: "hello comes first")
            }
            #expect(hello.proto == 1 && hello.version == "test" && hello.bootID == "boot" && hello.policy == .latest)
            #expect(hello.want == [.frame, .instance, .source] && hello.wallNanoseconds > 0 && hello.monotonicNanoseconds > 0)
            #expect(try await records.next() == .source(SourceRecord(source: "clip", medium: .video, state: .streaming)))

            let frame = try fixture.frame(1)
            fixture.hub.publish(frame)
            guard case .frame(let received) = try await records.next() else {
                throw RawClient.Failure(description: "a frame follows")
            }
            #expect(received.sequence == 1 && received.objects.first?.counts == frame.objects.first?.counts)
            #expect(fixture.hub.latestFrame == frame && fixture.hub.framesPublished == 1)

            let points = [PointPrompt(x: 0.5, y: 0.25, isPositive: true)]
            let body = Request.Body.points(objectID: ObjectID(4), sequence: nil, points: points, box: nil, replacing: true)
            let reply = try await client.send(request(.addPoints, body))
            #expect(reply.ok && reply.verb == "add_points" && reply.sequence == 3 && reply.object?.objectID == ObjectID(4))
            #expect(fixture.handler.received.map(\.body) == [body])
            #expect(try await client.send(request(.status, .status)).status?.clients == 1)
            let error = await #expect(throws: ErrorRecord.self) {
                try await client.send(request(.removeObject, .removeObject(ObjectID(9))))
            }
            #expect(error?.code == .noSuchObject)
            _ = try await client.send(request(.subscribe, .subscribe(policy: nil, topics: [.source])))
            fixture.hub.publish(try fixture.frame(2))
            fixture.hub.publish(SourceRecord(source: "clip", medium: .video, state: .ended))
            #expect(
                try await records.next() == .source(SourceRecord(source: "clip", medium: .video, state: .ended)), "no frame 2")
            await client.close()
        }
    }

    @Test("garbage is answered and the connection lives", .timeLimit(.minutes(5)))
    func garbage() async throws {
        try await ServerFixture.withServer { fixture in
            let client = try RawClient(path: fixture.path)
            _ = try await client.next()
            func error() async throws -> ErrorRecord? {
                guard case .error(let error) = try await client.next() else { return nil }
                return error
            }
            try client.write("garbage\n")
            #expect(try await error()?.code == .badRequest)
            try client.write([0, 255, 10, 13, 10, 10])
            #expect(try await error()?.code == .badRequest)
            try client.write("{\"id\":5,\"verb\":\"dance\"}\n")
            let unknown = try await error()
            #expect(unknown?.code == .unknownVerb && unknown?.id == 5)
            try client.write([UInt8](repeating: 120, count: WireProtocol.maximumLineLength + 100_000))
            #expect(try await error() == RequestParser.tooLong)
            try client.write("rest of it\n{\"id\":6,\"verb\":\"add_points\",\"object_id\":-1}\n")
            #expect(try await error()?.id == 6)
            try client.write("{\"id\":7,\"ve")
            try client.write("rb\":\"reset\"}\n{\"verb\":\"hello\",\"want\":[]}\n")
            #expect(try await client.next() == .reply(ReplyRecord(id: 7, verb: .reset)))
            #expect(try await client.next() == .reply(ReplyRecord(id: nil, verb: .hello)))
        }
    }

    @Test("who does not read loses frames and is told; another client loses none", .timeLimit(.minutes(5)))
    func slowReader() async throws {
        try await ServerFixture.withServer(maximumClientBytes: 65_536) { fixture in
            let slow = try RawClient(path: fixture.path)
            let quick = try RawClient(path: fixture.path)
            guard case .hello = try await quick.next(), case .hello = try await slow.next() else {
                throw RawClient.Failure(description: "hello comes first")
            }
            let last: UInt64 = 200
            for sequence in 0...last {
                fixture.hub.publish(try fixture.frame(sequence, bytes: 10_000))
                guard case .frame(let frame) = try await quick.next() else {
                    throw RawClient.Failure(description: "the quick client gets every frame")
                }
                #expect(frame.sequence == sequence)
            }
            var expected: UInt64 = 0
            var notices = 0
            while expected <= last {
                switch try await slow.next() {
                case .frame(let frame):
                    #expect(frame.sequence == expected)
                    expected = frame.sequence + 1
                case .dropped(let notice):
                    #expect(notice.from == expected && notice.count == Int(notice.to - notice.from) + 1)
                    #expect(notice.reason == .slowReader)
                    expected = notice.to + 1
                    notices += 1
                case let other: throw RawClient.Failure(description: "unexpected \(String(describing: other))")
                }
            }
            #expect(notices == 1)
        }
    }

    @Test("policy disconnect ends the connection of who does not read", .timeLimit(.minutes(5)))
    func disconnect() async throws {
        try await ServerFixture.withServer(maximumClientBytes: 65_536) { fixture in
            let slow = try RawClient(path: fixture.path)
            try slow.write("{\"verb\":\"hello\",\"policy\":\"disconnect\"}\n")
            _ = try await slow.next()
            #expect(try await slow.next() == .reply(ReplyRecord(id: nil, verb: .hello)))
            for sequence in 0...200 as ClosedRange<UInt64> { fixture.hub.publish(try fixture.frame(sequence, bytes: 10_000)) }
            var count = 0
            while case .frame = try await slow.next() { count += 1 }
            #expect(count > 0 && count < 201)
        }
    }

    @Test("fifty clients get the same frames, and the one too many is told that all places are taken", .timeLimit(.minutes(5)))
    func fifty() async throws {
        try await ServerFixture.withServer(maximumClients: 50) { fixture in
            let clients = try (0..<50).map { _ in try RawClient(path: fixture.path) }
            for client in clients { _ = try await client.next() }
            #expect(fixture.hub.clientCount == 50)
            let tooMany = try RawClient(path: fixture.path)
            guard case .error(let error) = try await tooMany.next() else {
                throw RawClient.Failure(description: "the excess client gets an error")
            }
            #expect(error.code == .busy)
            #expect(try await tooMany.next() == nil)
            for sequence in 0..<5 as Range<UInt64> { fixture.hub.publish(try fixture.frame(sequence)) }
            for client in clients {
                for sequence in 0..<5 as Range<UInt64> {
                    guard case .frame(let frame) = try await client.next() else { throw RawClient.Failure(description: "a frame") }
                    #expect(frame.sequence == sequence)
                }
            }
        }
    }

    @Test("who pipes requests in and closes its end still gets the replies, and then the end", .timeLimit(.minutes(5)))
    func halfClosed() async throws {
        try await ServerFixture.withServer { fixture in
            let client = try RawClient(path: fixture.path)
            try client.write("{\"id\":1,\"verb\":\"reset\"}\n{\"id\":2,\"verb\":\"reset\"}\n")
            client.closeInput()
            guard case .hello = try await client.next() else { throw RawClient.Failure(description: "hello comes first") }
            #expect(try await client.next() == .reply(ReplyRecord(id: 1, verb: .reset)))
            #expect(try await client.next() == .reply(ReplyRecord(id: 2, verb: .reset)))
            #expect(try await client.next() == nil)
        }
    }

    @Test("requests beyond those that may wait are answered busy, and none is lost", .timeLimit(.minutes(5)))
    func flood() async throws {
        try await ServerFixture.withServer { fixture in
            let client = try RawClient(path: fixture.path)
            _ = try await client.next()
            let count = 2_000
            let lines = (0..<count).map { "{\"id\":\($0),\"verb\":\"reset\"}\n" }.joined()
            try client.write(lines)
            var answered: Set<Int> = []
            while answered.count < count {
                switch try await client.next() {
                case .reply(let reply): answered.insert(reply.id ?? -1)
                case .error(let error):
                    #expect(error.code == .busy)
                    answered.insert(error.id ?? -1)
                case let other: throw RawClient.Failure(description: "unexpected \(String(describing: other))")
                }
            }
            #expect(answered == Set(0..<count))
        }
    }

    @Test("a frame too large for a line becomes an error, not a broken stream", .timeLimit(.minutes(5)))
    func oversized() async throws {
        try await ServerFixture.withServer { fixture in
            let client = try RawClient(path: fixture.path)
            _ = try await client.next()
            let part = try fixture.frame(1, bytes: 16_000)
            var frame = part
            for _ in 0..<80 { frame.objects += part.objects }
            fixture.hub.publish(frame)
            fixture.hub.publish(try fixture.frame(2))
            guard case .error(let error) = try await client.next() else { throw RawClient.Failure(description: "an error") }
            #expect(error.code == .internal)
            guard case .frame(let next) = try await client.next() else { throw RawClient.Failure(description: "the next frame") }
            #expect(next.sequence == 2)
        }
    }

    @Test("at the end every client is told, the connection closes and the file goes", .timeLimit(.minutes(5)))
    func shutdown() async throws {
        try await ServerFixture.withFolder { folder in
            let fixture = ServerFixture(path: "\(folder)/s")
            let group = ServiceGroup(
                services: [fixture.server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                var client: RawClient?
                while client == nil {
                    client = try? RawClient(path: fixture.path)
                    await Task.yield()
                }
                _ = try await client?.next()
                var status = stat()
                #expect(stat(fixture.path, &status) == 0 && status.st_mode & 0o777 == 0o660)
                await group.triggerGracefulShutdown()
                #expect(try await client?.next() == .error(ErrorRecord(.shuttingDown, "aurald is shutting down")))
                #expect(try await client?.next() == nil)
                try await tasks.waitForAll()
                #expect(!FileManager.default.fileExists(atPath: fixture.path))
            }
            await fixture.server.shutDown()
        }
    }
}
