import AuralClient
import Glibc

extension ListeningSocket {
    /// Adopts a socket that the service manager bound and listens on; its file stays at the end, for the daemon that comes next.
    ///
    /// Throws `activation` for anything but a listening Unix stream socket.
    init(inherited descriptor: Int32) throws(SocketError) {
        let flags = fcntl(descriptor, F_GETFD)
        guard flags >= 0 else { throw Self.unfit(descriptor, "it is not open") }
        // The manager cleared it so that the descriptor survives exec; our own children have no use for it.
        _ = fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC)
        for (option, name, expected) in [
            (SO_DOMAIN, "a Unix socket", AF_UNIX), (SO_TYPE, "a stream socket", Int32(SOCK_STREAM.rawValue)),
            (SO_ACCEPTCONN, "listening", 1),
        ] {
            guard Self.option(option, of: descriptor) == expected else { throw Self.unfit(descriptor, "it is not \(name)") }
        }
        // The event loop must not stand still in accept(2) when a client that connected has gone again.
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        self.init(descriptor: descriptor, path: Self.name(of: descriptor))
    }

    /// An integer option of a socket (socket(7)); nil where the descriptor is none.
    private static func option(_ option: Int32, of descriptor: Int32) -> Int32? {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }

    /// Where the socket is bound (getsockname(2)), for people.
    private static func name(of descriptor: Int32) -> String {
        var address = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            // SAFETY: the kernel writes a sockaddr_un through the general pointer type, at most the length beside it.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        let offset = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        guard result == 0, Int(length) > offset else { return "unnamed" }
        let bytes = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix(Int(length) - offset)) }
        guard bytes.first != 0 else { return "@" + String(decoding: bytes.dropFirst(), as: UTF8.self) }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    private static func unfit(_ descriptor: Int32, _ reason: String) -> SocketError {
        SocketError(.activation, "socket activation: descriptor \(descriptor) cannot be served, \(reason); see the socket unit's ListenStream=")
    }
}
