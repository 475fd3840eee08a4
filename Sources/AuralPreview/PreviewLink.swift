import AuralClient
import AuralService
import AuralWire
import Logging

/// The page's connection to the daemon: comes back by itself, and asks for pictures only while somebody looks.
actor PreviewLink {
    private let path: String
    private let logger: Logger
    private var client: Client?
    private var isWatched = false

    init(path: String, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// Connects, passes records on, and connects again, until the task is cancelled.
    func run(_ feed: PreviewFeed) async {
        var pause = ReconnectPause(longest: 2)
        while !Task.isCancelled {
            do {
                let client = try await Client.connect(path: path)
                self.client = client
                try await subscribe(client)
                pause.reset()
                feed.tell(isConnected: true, reason: "")
                for try await record in client.records { feed.publish(record) }
            } catch {
                feed.tell(isConnected: false, reason: "\(error)")
                logger.info("the daemon is away", metadata: ["reason": "\(error)"])
            }
            await client?.close()
            client = nil
            try? await Task.sleep(for: pause.next())
        }
    }

    /// Somebody looks, or nobody any more.
    func setWatched(_ isWatched: Bool) async {
        guard isWatched != self.isWatched else { return }
        self.isWatched = isWatched
        if let client { try? await subscribe(client) }
    }

    /// Has a request done. Throws `ErrorRecord` or `SocketError`.
    func send(_ request: Request) async throws -> ReplyRecord {
        guard let client else { throw SocketError(.unavailable, "no aurald listens on \(path) now") }
        return try await client.send(request)
    }

    private func subscribe(_ client: Client) async throws {
        let topics: [Subscription.Topic] = isWatched ? [.frame, .instance, .source, .picture, .spectrogram] : [.source]
        try await client.subscribe(to: topics, policy: .latest)
    }
}
