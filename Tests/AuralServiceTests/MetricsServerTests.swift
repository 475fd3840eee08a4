import AuralTesting
import Foundation
import Glibc
import Logging
import NIOCore
import Synchronization
import Testing

@testable import AuralService

@Suite(.serialized) struct MetricsServerTests {
    /// A blocking HTTP client that sends what a test says.
    private struct Peer {
        let socket: ClientSocket

        init(_ path: String) throws { socket = try ClientSocket(path: path) }

        /// Sends a text; a connection that the server has closed meanwhile is no failure of the test's.
        func send(_ text: String) {
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.send(socket.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }

        /// Everything until the server closes.
        func rest() async throws -> String {
            try await blocking {
                var text: [UInt8] = []
                while let more = self.receive(65_536) { text += more }
                return String(decoding: text, as: UTF8.self)
            }
        }

        /// Waits until the server has closed, and reads nothing meanwhile.
        func awaitHangUp() async throws {
            try await blocking {
                var polled = pollfd(fd: self.socket.descriptor, events: 0, revents: 0)
                while polled.revents & Int16(POLLHUP) == 0 { poll(&polled, 1, -1) }
            }
        }

        /// One response; the body has the length that the head says.
        func response(hasBody: Bool = true) async throws -> (status: Int, head: String, body: String) {
            try await blocking { try self.readResponse(hasBody: hasBody) }
        }

        private func readResponse(hasBody: Bool) throws -> (status: Int, head: String, body: String) {
            var text: [UInt8] = []
            while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) { text += try #require(receive(1)) }
            let head = String(decoding: text, as: UTF8.self)
            let length = try #require(head.firstMatch(of: /Content-Length: (\d+)/).flatMap { Int($0.1) })
            var body: [UInt8] = []
            while hasBody, body.count < length { body += try #require(receive(length - body.count)) }
            return (try #require(Int(head.dropFirst(9).prefix(3))), head, String(decoding: body, as: UTF8.self))
        }

        private func receive(_ count: Int) -> [UInt8]? {
            var buffer = [UInt8](repeating: 0, count: count)
            let count = buffer.withUnsafeMutableBytes { recv(socket.descriptor, $0.baseAddress, $0.count, 0) }
            return count > 0 ? Array(buffer.prefix(count)) : nil
        }
    }

    private func get(_ target: String, method: String = "GET", more: String = "") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: x\r\n\(more)\r\n"
    }

    private func withServer(
        connections: Int = 8, timeout: TimeAmount = .seconds(60), health: @escaping @Sendable () -> [String] = { [] },
        _ body: (String, DaemonMetrics) async throws -> Void
    ) async throws {
        try await ServerFixture.withFolder { folder in
            let metrics = DaemonMetrics(.init(version: "1", backend: "none", device: "cpu", video: "clip", audio: nil))
            let server = MetricsServer(
                settings: .init(listening: .path("\(folder)/m", mode: 0o600), maximumConnections: connections, timeout: timeout),
                registry: metrics.registry, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, health: health)
            try await server.start()
            do {
                try await body("\(folder)/m", metrics)
                await server.shutDown()
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/m"))
            } catch {
                await server.shutDown()
                throw error
            }
        }
    }

    @Test("GET and HEAD, known and unknown paths, on one connection", .timeLimit(.minutes(5)))
    func requests() async throws {
        try await withServer { path, metrics in
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let peer = try Peer(path)
            metrics.reloads[.applied].increment()
            peer.send(get("/metrics"))
            let full = try await peer.response()
            #expect(full.status == 200 && full.head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
            #expect(try MetricsExposition(full.body).value("aurald_reloads_total", ["result": "applied"]) == 1)
            peer.send(get("/metrics?x=1", method: "HEAD"))
            let head = try await peer.response(hasBody: false)
            #expect(head.status == 200 && head.head.contains(/Content-Length: \d{4,}\r\n/))
            peer.send(get("/health"))
            let health = try await peer.response()
            #expect(health.status == 200 && health.body == "ok\n")
            peer.send(get("/"))
            #expect(try await peer.response().body.contains("GET /metrics"))
            peer.send(get("/metrics/x"))
            #expect(try await peer.response().status == 404)
            peer.send(get("/metrics", method: "POST", more: "Content-Length: 4\r\n") + "body")
            let refused = try await peer.response()
            #expect(refused.status == 405 && refused.head.contains("Allow: GET, HEAD\r\n"))
            peer.send(get("/", more: "Connection: close\r\n"))
            #expect(try await peer.response().head.contains("Connection: close\r\n"))
            #expect(try await peer.rest() == "")
        }
    }

    @Test("a daemon that is not well says why, with 503", .timeLimit(.minutes(5)))
    func health() async throws {
        try await withServer(health: { ["video: stalled", "audio: denied"] }) { path, _ in
            let peer = try Peer(path)
            peer.send(get("/health"))
            let response = try await peer.response()
            #expect(response.status == 503 && response.body == "video: stalled\naudio: denied\n")
        }
    }

    @Test("a client that ends its half after the request still gets the whole response", .timeLimit(.minutes(5)))
    func halfClosed() async throws {
        try await withServer { path, _ in
            let peer = try Peer(path)
            peer.send("GET /metrics HTTP/1.0\r\n\r\n")
            shutdown(peer.socket.descriptor, Int32(SHUT_WR))
            let response = try await peer.response()
            #expect(response.status == 200 && response.head.hasPrefix("HTTP/1.0 200"))
            _ = try MetricsExposition(response.body)
            #expect(try await peer.rest() == "")
        }
    }

    @Test("what is no HTTP gets 400, what is too long 431, and the connection ends", .timeLimit(.minutes(5)))
    func malformed() async throws {
        try await withServer { path, _ in
            let garbage = try Peer(path)
            garbage.send("\u{1}\u{2}garbage\r\n\r\n")
            #expect(try await garbage.rest().hasPrefix("HTTP/1.1 400 "))
            let long = try Peer(path)
            long.send(get("/metrics", more: "X: \(String(repeating: "x", count: 9000))\r\n"))
            #expect(try await long.rest().hasPrefix("HTTP/1.1 431 "))
            let endless = try Peer(path)
            endless.send(String(repeating: "x", count: 9000))
            let answer = try await endless.rest()
            #expect(answer.hasPrefix("HTTP/1.1 400 ") || answer.hasPrefix("HTTP/1.1 431 "))
        }
    }

    @Test("a request that does not come to its end in time loses its place, however it dribbles", .timeLimit(.minutes(5)))
    func slow() async throws {
        try await withServer(timeout: .milliseconds(50)) { path, _ in
            let silent = try Peer(path)
            #expect(try await silent.rest() == "")
            let dribbling = try Peer(path)
            dribbling.send("GET /metrics HT")
            #expect(try await dribbling.rest() == "")
        }
    }

    @Test("requests are not queued: who sends many and reads nothing is cut off after what the kernel takes", .timeLimit(.minutes(5)))
    func pipelining() async throws {
        try await withServer { path, _ in
            let peer = try Peer(path)
            let count = 200
            peer.send(String(repeating: get("/metrics"), count: count))
            try await peer.awaitHangUp()
            let answers = try await peer.rest().components(separatedBy: "HTTP/1.1 200 OK").count - 1
            #expect(answers > 0 && answers < count)
        }
    }

    @Test("one connection too many is told so, and its place is free again when another ends", .timeLimit(.minutes(5)))
    func places() async throws {
        try await withServer(connections: 2) { path, _ in
            var peers = try (0..<2).map { _ in try Peer(path) }
            for peer in peers {
                peer.send(get("/health"))
                #expect(try await peer.response().status == 200)
            }
            #expect(try await Peer(path).rest().hasPrefix("HTTP/1.1 503 "))
            peers.removeLast()
            var status = 503
            while status == 503 {
                let peer = try Peer(path)
                peer.send(get("/health"))
                status = try await peer.response().status
                await Task.yield()
            }
            #expect(status == 200)
        }
    }

    @Test("a listening socket that systemd hands over is served, and its file is left alone", .timeLimit(.minutes(5)))
    func inherited() async throws {
        try await ServerFixture.withFolder { folder in
            let path = "\(folder)/m"
            let listening = try ListeningSocket(path: path, mode: 0o600)
            let server = MetricsServer(
                settings: .init(listening: .inherited(listening.descriptor)), registry: MetricRegistry(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, health: { [] })
            try await server.start()
            let peer = try Peer(path)
            peer.send(get("/health"))
            #expect(try await peer.response().status == 200)
            await server.shutDown()
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    private static let curl = "/usr/bin/curl"

    @Test("curl and its parser agree", .enabled(if: FileManager.default.isExecutableFile(atPath: curl)), .timeLimit(.minutes(5)))
    func realClient() async throws {
        try await withServer { path, _ in
            let process = Process()
            let output = Pipe()
            process.executableURL = URL(filePath: Self.curl)
            process.arguments = ["--silent", "--fail", "--unix-socket", path, "http://localhost/metrics", "http://localhost/health"]
            process.standardOutput = output
            let (text, status) = try await blocking { [process] in
                try process.run()
                let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
                process.waitUntilExit()
                return (text, process.terminationStatus)
            }
            #expect(status == 0 && text.hasSuffix("\nok\n"))
            _ = try MetricsExposition(String(text.dropLast(3)))
        }
    }
}
