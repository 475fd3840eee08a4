import AuralClient
import AuralCore
import AuralService
import AuralWire
import Foundation
import Testing

@Suite struct SocketPathTests {
    /// What a server that starts on `path` throws; nil when it starts (it is ended then).
    private func startError(_ path: String) async -> SocketError? {
        let fixture = ServerFixture(path: path)
        do {
            try await fixture.server.start()
            await fixture.server.shutDown()
            return nil
        } catch {
            await fixture.server.shutDown()
            return error
        }
    }

    /// Leaves a socket's file behind as a daemon that was killed does.
    private func leaveStaleSocket(at path: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(result == 0)
        close(descriptor)
    }

    @Test("a path where another daemon listens is left to it", .timeLimit(.minutes(5)))
    func inUse() async throws {
        try await ServerFixture.withServer { fixture in
            let error = await startError(fixture.path)
            #expect(error?.code == .inUse && error?.exitStatus == .temporaryFailure)
            #expect(error?.description.contains("socket \(fixture.path) is in use by another aurald") == true)
            let client = try await Client.connect(path: fixture.path)
            #expect(try await client.send(Request(id: nil, verb: .reset, body: .reset)).ok, "the first daemon is not disturbed")
            await client.close()
        }
    }

    @Test("a socket that a dead daemon left is replaced", .timeLimit(.minutes(5)))
    func stale() async throws {
        try await ServerFixture.withFolder { folder in
            leaveStaleSocket(at: "\(folder)/s")
            let refused = await #expect(throws: SocketError.self) { _ = try await Client.connect(path: "\(folder)/s") }
            #expect(refused?.code == .unavailable)
            #expect(await startError("\(folder)/s") == nil)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/s"))
        }
    }

    @Test("what is not a socket is never removed", .timeLimit(.minutes(5)))
    func notASocket() async throws {
        try await ServerFixture.withFolder { folder in
            let path = "\(folder)/precious"
            try Data("text".utf8).write(to: URL(filePath: path))
            let error = await startError(path)
            #expect(error?.code == .invalidPath && error?.exitStatus == .configuration)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "text")
            #expect(await startError(folder)?.code == .invalidPath)
        }
    }

    @Test("paths that cannot work are explained", .timeLimit(.minutes(5)))
    func impossible() async {
        let missing = await startError("/nonexistent/folder/s")
        #expect(missing?.code == .invalidPath && missing?.description.contains("/nonexistent/folder of socket") == true)
        let long = await startError("/tmp/" + String(repeating: "x", count: 103))
        #expect(long?.code == .invalidPath && long?.description.contains("108 bytes") == true)
        #expect(await startError("")?.code == .invalidPath)
    }

    @Test("the client says how to start a daemon where there is none", .timeLimit(.minutes(5)))
    func noDaemon() async {
        let error = await #expect(throws: SocketError.self) { _ = try await Client.connect(path: "/tmp/aurald-none/s") }
        #expect(error?.exitStatus == .unavailable)
        #expect(error?.description == "no aurald listens on /tmp/aurald-none/s; start it with aurald run --config FILE")
    }

    @Test("what awaits a reply learns that the daemon went", .timeLimit(.minutes(5)))
    func daemonGoes() async throws {
        try await ServerFixture.withFolder { folder in
            let fixture = ServerFixture(path: "\(folder)/s")
            try await fixture.server.start()
            let client = try await Client.connect(path: fixture.path)
            var records = client.records.makeAsyncIterator()
            _ = try await records.next()
            await fixture.server.shutDown()
            #expect(try await records.next() == .error(ErrorRecord(.shuttingDown, "aurald is shutting down")))
            let ended = await #expect(throws: SocketError.self) { _ = try await records.next() }
            #expect(ended?.code == .connectionClosed)
            let late = await #expect(throws: SocketError.self) {
                _ = try await client.send(Request(id: nil, verb: .reset, body: .reset))
            }
            #expect(late?.code == .connectionClosed)
        }
    }
}
