import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel noted it when the connection was made.
package struct PeerCredentials: Sendable, Equatable {
    /// Its process, as long as it lives.
    package var process: Int32
    /// Its effective user.
    package var user: UInt32
    /// Its effective group.
    package var group: UInt32
    /// Its supplementary groups.
    package var groups: [UInt32]

    /// Credentials with all their fields.
    package init(process: Int32, user: UInt32, group: UInt32, groups: [UInt32] = []) {
        self.process = process
        self.user = user
        self.group = group
        self.groups = groups
    }

    /// Whether the peer is a member of a group, by whatever way.
    package func isMember(of identifier: UInt32) -> Bool { group == identifier || groups.contains(identifier) }

    /// Asks the kernel about a channel's peer; nil where the channel is no socket. On the channel's event loop.
    static func read(from channel: any Channel) -> PeerCredentials? {
        try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { read(descriptor: $0) } ?? nil
    }

    /// Asks the kernel about a connected socket's peer; nil where it has none.
    static func read(descriptor: Int32) -> PeerCredentials? {
        // The kernel's `struct ucred` (unix(7), SO_PEERCRED), which the Glibc module does not have: pid_t, uid_t, gid_t, each four bytes.
        var fields: [UInt32] = [0, 0, 0]
        var length = socklen_t(fields.count * MemoryLayout<UInt32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &fields, &length) == 0 else { return nil }
        return PeerCredentials(
            process: Int32(bitPattern: fields[0]), user: fields[1], group: fields[2], groups: supplementaryGroups(of: descriptor))
    }

    /// SO_PEERGROUPS (Linux 4.13): all supplementary groups, or ERANGE and the length that is needed.
    private static func supplementaryGroups(of descriptor: Int32) -> [UInt32] {
        let option: Int32 = 59
        // The kernel's own limit on a process's groups is 65536 (NGROUPS_MAX).
        for capacity in [64, 65_536] {
            var groups = [UInt32](repeating: 0, count: capacity)
            var length = socklen_t(capacity * MemoryLayout<UInt32>.size)
            if getsockopt(descriptor, SOL_SOCKET, option, &groups, &length) == 0 {
                return Array(groups.prefix(Int(length) / MemoryLayout<UInt32>.size))
            }
            guard errno == ERANGE else { return [] }
        }
        return []
    }
}
