import NIOHTTP1

/// What the metrics socket answers to a request: decided here, without a connection.
struct MetricsResponse: Equatable {
    var status: HTTPResponseStatus
    var contentType = "text/plain; charset=utf-8"
    var body: String
    /// The methods that a 405 must name (RFC 9110, 15.5.6).
    var allow: String?

    /// The answer; `metrics` and `health` are asked only where they are meant. `health` gives the reasons why the daemon is not well.
    init(method: HTTPMethod, target: String, metrics: () -> String, health: () -> [String]) {
        let path = target.prefix { $0 != "?" }
        let known = ["/", "/metrics", "/health"].contains(path)
        guard known else {
            self.init(status: .notFound, body: "not found; try /metrics or /health\n")
            return
        }
        guard method == .GET || method == .HEAD else {
            self.init(status: .methodNotAllowed, body: "only GET and HEAD\n", allow: "GET, HEAD")
            return
        }
        switch path {
        case "/metrics": self.init(status: .ok, contentType: ExpositionWriter.contentType, body: metrics())
        case "/health":
            let reasons = health()
            self.init(
                status: reasons.isEmpty ? .ok : .serviceUnavailable, body: (reasons.isEmpty ? ["ok"] : reasons).map { "\($0)\n" }.joined())
        default: self.init(status: .ok, body: "aurald: GET /metrics for Prometheus, GET /health for a check\n")
        }
    }

    private init(status: HTTPResponseStatus, contentType: String = "text/plain; charset=utf-8", body: String, allow: String? = nil) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.allow = allow
    }

    /// The head of it. HEAD gets the length that GET would have (RFC 9110, 9.3.2).
    func head(version: HTTPVersion, closing: Bool) -> HTTPResponseHead {
        var headers: HTTPHeaders = [
            "Content-Type": contentType, "Content-Length": String(body.utf8.count), "Connection": closing ? "close" : "keep-alive",
        ]
        if let allow { headers.add(name: "Allow", value: allow) }
        return HTTPResponseHead(version: version, status: status, headers: headers)
    }
}
