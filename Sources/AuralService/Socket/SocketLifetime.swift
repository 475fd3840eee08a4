import NIOCore
import Synchronization

/// What a server must give back, exactly once.
final class SocketLifetime: Sendable {
    struct Resources: Sendable {
        var channel: (any Channel)?
        var listening: ListeningSocket?
    }

    private let resources = Mutex<Resources?>(Resources())

    func didStart(_ channel: any Channel, _ listening: ListeningSocket) {
        resources.withLock { resources in
            if resources != nil { resources = Resources(channel: channel, listening: listening) }
        }
    }

    /// The socket, until `takeAll`.
    var listening: ListeningSocket? { resources.withLock { $0?.listening } }

    /// Everything there is at the first call, nil after it.
    func takeAll() -> Resources? {
        resources.withLock { resources in
            let taken = resources
            resources = nil
            return taken
        }
    }
}
