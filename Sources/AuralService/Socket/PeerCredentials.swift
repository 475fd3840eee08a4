import Glibc
import NIOCore

/// Who is at the other end of a Unix socket: the kernel's `struct ucred` (unix(7), SO_PEERCRED), which the Glibc module does
/// not have.
struct PeerCredentials: Sendable {
    var process: Int32
    var user: UInt32
    var group: UInt32

    /// Asks the kernel. Call on the channel's event loop.
    static func read(from channel: any Channel) -> EventLoopFuture<PeerCredentials> {
        guard let options = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        // SAFETY: the layout is that of the kernel's struct: pid_t, uid_t, gid_t, each four bytes.
        return options.unsafeGetSocketOption(level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
    }
}
