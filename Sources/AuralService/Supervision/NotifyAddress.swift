import Glibc

/// Where a service manager listens for notifications: `$NOTIFY_SOCKET` as the kernel's address (unix(7), sd_notify(3)).
struct NotifyAddress: Sendable, Equatable {
    /// `sun_path` has 108 bytes; a path needs one of them for the terminating zero, an abstract name does not.
    private static let capacity = 108

    /// `sun_path`, with the terminating zero of a path, or the leading one of an abstract name.
    private let name: [UInt8]

    /// A path (`/…`) or an abstract name (`@…`); nil for anything else, such as the `vsock:` addresses of virtual machines.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > 1, !bytes.contains(0) else { return nil }
        switch bytes.first {
        case UInt8(ascii: "/"): name = bytes + [0]
        case UInt8(ascii: "@"): name = [0] + bytes.dropFirst()
        default: return nil
        }
        guard name.count <= Self.capacity else { return nil }
    }

    /// Calls `body` with the address. An abstract name ends where the length says, so the length must be exact.
    func with(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int) -> Int {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = (MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2) + name.count
        return withUnsafePointer(to: address) { pointer in
            // SAFETY: the kernel reads a sockaddr_un through the general pointer type, with its real length beside it.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}
