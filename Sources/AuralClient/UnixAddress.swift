import Glibc

/// A path as the kernel's address of a Unix socket (unix(7)).
package struct UnixAddress {
    /// `sun_path` has 108 bytes, one of them for the terminating zero.
    package static let maximumLength = 107

    private var address = sockaddr_un()

    /// Throws `SocketError.Code.invalidPath` where the path is none.
    package init(path: String) throws(SocketError) {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty else { throw SocketError(.invalidPath, "the socket's path is empty; set socket.path") }
        guard !bytes.contains(0) else {
            throw SocketError(.invalidPath, "the socket's path contains a zero byte; set socket.path")
        }
        guard bytes.count <= Self.maximumLength else {
            let limit = "has \(bytes.count) bytes, but a Unix socket's may have at most \(Self.maximumLength)"
            throw SocketError(.invalidPath, "socket path \(path) \(limit); choose a shorter one")
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// bind(2) or connect(2): 0, or the error number.
    package func call(_ function: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: address) { pointer in
            // SAFETY: the kernel reads a sockaddr_un through the general pointer type, with its real length beside it.
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                function(pointer, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
            }
        }
    }
}
