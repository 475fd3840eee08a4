import AuralService
import AuralWire
import FlyingFox
import FlyingSocks
import Foundation
import Logging
import Synchronization

/// The page's web server: on this machine alone, for who has the address, and a client of the daemon like any other.
package final class PreviewServer: Sendable {
    /// Where to serve what.
    package struct Options: Sendable {
        /// The daemon's socket.
        package var socket: String
        /// The port on 127.0.0.1; 0 takes one that is free.
        package var port: UInt16

        /// Serves the daemon behind `socket`.
        package init(socket: String, port: UInt16 = 0) {
            self.socket = socket
            self.port = port
        }
    }

    private let server: HTTPServer
    private let link: PreviewLink
    private let feed: PreviewFeed
    private let guarding = Mutex<PreviewGuard?>(nil)
    private let token = PreviewGuard.makeToken()
    private let counts: AsyncStream<Int>

    /// Prepares a server; `run` begins.
    package init(_ options: Options, logger: Logger) {
        let (counts, changes) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
        self.counts = counts
        feed = PreviewFeed { changes.yield($0) }
        link = PreviewLink(path: options.socket, logger: logger)
        let address = (try? sockaddr_in.inet(ip4: "127.0.0.1", port: options.port)) ?? sockaddr_in()
        server = HTTPServer(address: address, timeout: 60, logger: .disabled)
    }

    /// Serves until the task is cancelled; `onReady` is told the page's address. Throws `PreviewError` where the port cannot be had.
    package func run(onReady: @escaping @Sendable (String) -> Void) async throws {
        await addRoutes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [server] in
                do {
                    try await server.run()
                } catch is CancellationError {
                    return
                } catch {
                    throw PreviewError("the page cannot be served: \(error); is the port taken? --port 0 finds a free one")
                }
            }
            group.addTask { [self] in
                try await server.waitUntilListening()
                guard let port = await port else { throw PreviewError("the page's port is not known") }
                guarding.withLock { $0 = PreviewGuard(port: port, token: token) }
                onReady("http://127.0.0.1:\(port)/?token=\(token)")
                await link.run(feed)
            }
            group.addTask { [self] in
                for await count in counts { await link.setWatched(count > 0) }
            }
            group.addTask { [self] in
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(10))
                    feed.beat()
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private var port: UInt16? {
        get async {
            guard case .ip4(_, let port)? = await server.listeningAddress else { return nil }
            return port
        }
    }

    private func addRoutes() async {
        for file in PageFile.all {
            await server.appendRoute(HTTPRoute("GET \(file.path)")) { [self] request in
                refusal(of: request, kind: file.path == "/" ? .page : .part) ?? file.response
            }
        }
        await server.appendRoute("GET /events") { [self] request in
            if let refusal = refusal(of: request) { return refusal }
            return HTTPResponse(
                statusCode: .ok, headers: Self.headers(type: "text/event-stream"),
                body: HTTPBodySequence(from: StreamBody(stream: feed.listen())))
        }
        await server.appendRoute("GET /stream.mjpeg") { [self] request in
            if let refusal = refusal(of: request) { return refusal }
            let type = "multipart/x-mixed-replace; boundary=\(MotionJPEG.boundary)"
            return HTTPResponse(
                statusCode: .ok, headers: Self.headers(type: type),
                body: HTTPBodySequence(from: StreamBody(head: MotionJPEG.head, stream: feed.watch())))
        }
        await server.appendRoute("GET /picture") { [self] request in
            if let refusal = refusal(of: request) { return refusal }
            guard let sequence = request.query["seq"].flatMap(UInt64.init), let jpeg = feed.picture(sequence) else {
                // It is kept no longer, or was never there. Not 404: browsers report those as errors of the page.
                return HTTPResponse(statusCode: .noContent, headers: Self.headers(type: "text/plain"))
            }
            return HTTPResponse(statusCode: .ok, headers: Self.headers(type: "image/jpeg"), body: jpeg)
        }
        await server.appendRoute("POST /request") { [self] request in
            if let refusal = refusal(of: request) { return refusal }
            return HTTPResponse(
                statusCode: .ok, headers: Self.headers(type: "application/json"), body: await PreviewRequest.answer(try await request.bodyData, link))
        }
    }

    private func refusal(of request: HTTPRequest, kind: PreviewGuard.Kind = .data) -> HTTPResponse? {
        let claim = PreviewGuard.Claim(
            host: request.headers[.host], origin: request.headers[HTTPHeader("Origin")], site: request.headers[HTTPHeader("Sec-Fetch-Site")],
            destination: request.headers[HTTPHeader("Sec-Fetch-Dest")], token: request.query["token"])
        let refusal: PreviewGuard.Refusal?
        if let guarding = guarding.withLock({ $0 }) {
            refusal = guarding.refusal(of: claim, kind: kind)
        } else {
            refusal = .host  // the port is open, but what it is has not been told yet: nobody can know the address
        }
        return refusal.map {
            HTTPResponse(statusCode: .forbidden, headers: Self.headers(type: "text/plain; charset=utf-8"), body: Data(($0.rawValue + "\n").utf8))
        }
    }

    /// What every response has: nothing is kept, nothing from elsewhere is loaded, nobody may frame the page or learn its address.
    static func headers(type: String) -> HTTPHeaders {
        HTTPHeaders([
            .contentType: type, .cacheControl: "no-store", HTTPHeader("X-Content-Type-Options"): "nosniff",
            HTTPHeader("Referrer-Policy"): "no-referrer", HTTPHeader("X-Frame-Options"): "DENY",
            HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
            HTTPHeader("Content-Security-Policy"):
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ])
    }
}
