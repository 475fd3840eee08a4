/// Who may use the page: who was given its address, from the page itself. Pure.
///
/// Any web page that a person has open can make their browser ask `http://127.0.0.1`, under that name or under one of its own that is made to
/// lead here (DNS rebinding). So the host that the browser believes to talk to, the page that asks, and a secret are all checked.
package struct PreviewGuard: Sendable, Equatable {
    /// Why a request is refused.
    package enum Refusal: String, Sendable, Equatable {
        case host = "this address is not the page's own; open the one that aurald preview prints"
        case origin = "another web page may not use this one"
        case token = "the address lacks its token; open the one that aurald preview prints"
    }

    /// What of a request tells where it comes from.
    package struct Claim: Sendable {
        /// `Host`.
        package var host: String?
        /// `Origin`, which browsers send with everything but plain navigation.
        package var origin: String?
        /// `Sec-Fetch-Site`: `same-origin`, `none` (typed by a person), `same-site` or `cross-site`.
        package var site: String?
        /// `Sec-Fetch-Dest`: `document` where a tab goes there, `iframe`, `script`, `image` and so on.
        package var destination: String?
        /// The token of the address.
        package var token: String?

        /// A claim with all its parts.
        package init(host: String?, origin: String?, site: String?, destination: String? = nil, token: String?) {
            self.host = host
            self.origin = origin
            self.site = site
            self.destination = destination
            self.token = token
        }
    }

    /// What is asked for.
    package enum Kind: Sendable, Equatable {
        /// The page. A tab may come to it from anywhere, a chat or a file with the address as a link: whoever wrote that knows the token.
        case page
        /// The page's script and style, which are no secret.
        case part
        /// Pictures, events and requests.
        case data
    }

    /// The port that is served.
    package let port: UInt16
    /// The secret in the page's address.
    package let token: String

    /// A guard of one port.
    package init(port: UInt16, token: String) {
        self.port = port
        self.token = token
    }

    /// Why the request is refused, or nil.
    package func refusal(of claim: Claim, kind: Kind) -> Refusal? {
        let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
        guard let host = claim.host?.lowercased(), hosts.contains(host) else { return .host }
        if let origin = claim.origin?.lowercased(), origin != "http://\(host)" { return .origin }
        let isArrival = kind == .page && claim.destination?.lowercased() == "document"
        if let site = claim.site?.lowercased(), site != "same-origin", site != "none", !isArrival { return .origin }
        if kind != .part, !Self.isSame(claim.token ?? "", token) { return .token }
        return nil
    }

    /// Compares in a time that says nothing of where the difference is.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A new secret: 128 bits from the kernel.
    package static func makeToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
