import Testing

@testable import AuralPreview

@Suite struct PreviewGuardTests {
    private let guarding = PreviewGuard(port: 8080, token: "secret")

    @Test(
        "only the page itself, at its own address and with its token, is let in",
        arguments: [
            ("127.0.0.1:8080", nil, nil, "secret", nil), ("localhost:8080", nil, "none", "secret", nil),
            ("LOCALHOST:8080", "http://localhost:8080", "same-origin", "secret", nil),
            (nil, nil, nil, "secret", .host), ("evil.example:8080", nil, nil, "secret", .host), ("127.0.0.1:81", nil, nil, "secret", .host),
            ("127.0.0.1", nil, nil, "secret", .host),
            ("127.0.0.1:8080", "http://evil.example", nil, "secret", .origin), ("127.0.0.1:8080", "null", nil, "secret", .origin),
            ("127.0.0.1:8080", "http://localhost:8080", nil, "secret", .origin), ("127.0.0.1:8080", "https://127.0.0.1:8080", nil, "secret", .origin),
            ("127.0.0.1:8080", nil, "cross-site", "secret", .origin), ("127.0.0.1:8080", nil, "same-site", "secret", .origin),
            ("127.0.0.1:8080", nil, nil, nil, .token), ("127.0.0.1:8080", nil, nil, "secre", .token),
            ("127.0.0.1:8080", nil, nil, "secreu", .token), ("127.0.0.1:8080", nil, nil, "", .token),
        ] as [(String?, String?, String?, String?, PreviewGuard.Refusal?)])
    func claims(host: String?, origin: String?, site: String?, token: String?, refusal: PreviewGuard.Refusal?) {
        let claim = PreviewGuard.Claim(host: host, origin: origin, site: site, token: token)
        #expect(guarding.refusal(of: claim, kind: .data) == refusal)
        #expect(guarding.refusal(of: claim, kind: .page) == refusal)
        #expect(guarding.refusal(of: claim, kind: .part) == (refusal == .token ? nil : refusal))
    }

    @Test(
        "a link from elsewhere leads to the page if it has the token; nothing else is reached so",
        arguments: [
            ("document", nil, "secret", PreviewGuard.Kind.page, nil), ("document", nil, "guess", .page, .token),
            ("document", "http://evil.example", "secret", .page, .origin), ("iframe", nil, "secret", .page, .origin),
            ("image", nil, "secret", .page, .origin), ("document", nil, "secret", .data, .origin), ("document", nil, "secret", .part, .origin),
        ] as [(String, String?, String, PreviewGuard.Kind, PreviewGuard.Refusal?)])
    func arrivals(destination: String, origin: String?, token: String, kind: PreviewGuard.Kind, refusal: PreviewGuard.Refusal?) {
        let claim = PreviewGuard.Claim(host: "127.0.0.1:8080", origin: origin, site: "cross-site", destination: destination, token: token)
        #expect(guarding.refusal(of: claim, kind: kind) == refusal)
    }

    @Test("tokens are long, of hexadecimal digits, and never the same")
    func tokens() {
        let tokens = (0..<100).map { _ in PreviewGuard.makeToken() }
        #expect(Set(tokens).count == 100 && tokens.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }
}
