import AuralWire
import Testing

@testable import AuralService

@Suite struct SocketLimitsTests {
    @Test("another number of places holds for those who come, and nobody is sent away", .timeLimit(.minutes(5)))
    func clients() async throws {
        try await ServerFixture.withServer(maximumClients: 1) { fixture in
            func isTaken() async throws -> (client: RawClient, Bool) {
                let client = try RawClient(path: fixture.path)
                if case .hello = try await client.next() { return (client, true) }
                return (client, false)
            }
            let first = try await isTaken()
            #expect(first.1)
            #expect(try await !isTaken().1)
            fixture.server.limits.set(maximumClients: 2, maximumClientBytes: 262_144)
            let second = try await isTaken()
            #expect(second.1)
            #expect(try await !isTaken().1)
            fixture.server.limits.set(maximumClients: 1, maximumClientBytes: 262_144)
            #expect(try await !isTaken().1)
            let record = SourceRecord(source: "clip", medium: .video, state: .streaming)
            fixture.hub.publish(record)
            for client in [first.client, second.client] { #expect(try await client.next() == .source(record)) }
        }
    }
}
