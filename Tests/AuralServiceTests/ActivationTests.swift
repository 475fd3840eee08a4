import AuralClient
import AuralCore
import AuralWire
import Foundation
import Glibc
import Testing

@testable import AuralService

@Suite struct ActivationTests {
    @Test(
        "what the manager passed is known by its name",
        arguments: [
            ([:], nil, nil), (["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "client"], 3, nil),
            (["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "metrics:client"], 4, 3),
            (["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "metrics"], nil, 3), (["LISTEN_PID": "42", "LISTEN_FDS": "1"], 3, nil),
            (["LISTEN_PID": "42", "LISTEN_FDS": "0"], nil, nil), (["LISTEN_PID": "42", "LISTEN_FDS": "0", "LISTEN_FDNAMES": ""], nil, nil),
            (["LISTEN_PID": "43", "LISTEN_FDS": "nonsense"], nil, nil), (["LISTEN_FDS": "1", "LISTEN_FDNAMES": "client"], nil, nil),
        ] as [([String: String], Int32?, Int32?)])
    func names(environment: [String: String], client: Int32?, metrics: Int32?) throws {
        let descriptors = try ListenDescriptors(environment: environment, process: 42)
        #expect(descriptors[.client] == client && descriptors[.metrics] == metrics)
    }

    @Test(
        "what cannot be served stops the start",
        arguments: [
            (["LISTEN_PID": "me"], "LISTEN_PID"), (["LISTEN_PID": "-42"], "LISTEN_PID"), (["LISTEN_PID": "42"], "LISTEN_FDS"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "one"], "LISTEN_FDS"), (["LISTEN_PID": "42", "LISTEN_FDS": "-1"], "LISTEN_FDS"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "3", "LISTEN_FDNAMES": "client:metrics:more"], "at most 2"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "2147483648"], "LISTEN_FDS"), (["LISTEN_PID": "42", "LISTEN_FDS": "2"], "LISTEN_FDNAMES"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "client"], "LISTEN_FDNAMES"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "client:metrics"], "LISTEN_FDNAMES"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "aurald.socket"], "aurald.socket"),
            (["LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "client:client"], "twice"),
        ])
    func malformed(environment: [String: String], naming word: String) {
        let error = #expect(throws: SocketError.self) { try ListenDescriptors(environment: environment, process: 42) }
        #expect(error?.code == .activation && error?.exitStatus == .configuration)
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    /// A socket as a manager makes it, without CLOEXEC.
    private func bound(_ path: String, type: __socket_type = SOCK_STREAM, isListening: Bool = true) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(type.rawValue), 0)
        let result = try UnixAddress(path: path).call { bind(descriptor, $0, $1) }
        try #require(result == 0)
        if isListening { try #require(listen(descriptor, 8) == 0) }
        return descriptor
    }

    @Test("an inherited socket is served, and its file stays for the next daemon", .timeLimit(.minutes(5)))
    func adoption() async throws {
        try await ServerFixture.withFolder { folder in
            let path = "\(folder)/s"
            let manager = try bound(path)
            defer { close(manager) }
            for _ in 0..<2 {
                let descriptor = dup(manager)
                let (hub, fixture) = (Hub(), ServerFixture(path: path))
                let server = SocketServer(
                    settings: .init(listening: .inherited(descriptor)), identity: ServerIdentity(version: "test", source: "replay"), hub: hub,
                    handler: fixture.handler, logger: LineSink().logger())
                // Connected before there is a daemon, and served as soon as there is.
                let client = try RawClient(path: path)
                #expect(try await server.start() == path)
                #expect(fcntl(descriptor, F_GETFD) & FD_CLOEXEC != 0)
                guard case .hello = try await client.next() else { throw RawClient.Failure(description: "hello comes first") }
                await server.shutDown()
                #expect(FileManager.default.fileExists(atPath: path))
            }
        }
    }

    @Test("an abstract socket has its name in the log")
    func abstract() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        // Binding the family alone makes the kernel choose an abstract name (unix(7), autobind).
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sa_family_t>.size)) }
        }
        try #require(result == 0 && listen(descriptor, 1) == 0)
        #expect(try ListeningSocket(inherited: descriptor).path.wholeMatch(of: /@[0-9a-f]{5}/) != nil)
    }

    @Test("what is no listening Unix stream socket is refused with its reason", .timeLimit(.minutes(5)))
    func unfit() async throws {
        try await ServerFixture.withFolder { folder in
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            let internet = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let cases = [
                (-1, "it is not open"), (ends[0], "it is not a Unix socket"), (internet, "it is not a Unix socket"),
                (try bound("\(folder)/d", type: SOCK_DGRAM, isListening: false), "it is not a stream socket"),
                (try bound("\(folder)/s", isListening: false), "it is not listening"),
            ]
            for (descriptor, reason) in cases {
                let error = #expect(throws: SocketError.self) { try ListeningSocket(inherited: descriptor) }
                #expect(error?.code == .activation && error?.description.contains(reason) == true, "\(error?.description ?? "")")
                if descriptor >= 0 { close(descriptor) }
            }
            close(ends[1])
        }
    }

    @Test("a socket's file can be given to the clients' group", .enabled(if: geteuid() == 0, "only root may give files away"))
    func group() async throws {
        try await ServerFixture.withFolder { folder in
            let listening = try ListeningSocket(.path("\(folder)/s", mode: 0o640, group: 990))
            defer { close(listening.descriptor) }
            var status = stat()
            try #require(lstat("\(folder)/s", &status) == 0)
            #expect(status.st_gid == 990 && status.st_mode & 0o777 == 0o640 && status.st_uid == geteuid())
            listening.removeFile()
            #expect(lstat("\(folder)/s", &status) != 0)
        }
    }
}
