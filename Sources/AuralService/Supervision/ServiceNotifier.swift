import Glibc

/// Tells the service manager how the daemon is: sd_notify(3), without libsystemd.
///
/// One datagram to the socket that `$NOTIFY_SOCKET` names. Without the variable it does nothing. It never waits and never fails: a daemon
/// must not stand still or end because its manager does not listen.
package struct ServiceNotifier: Sendable {
    private static let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
    private let address: NotifyAddress?

    /// Takes the address from an environment.
    package init(environment: [String: String]) {
        address = environment["NOTIFY_SOCKET"].flatMap(NotifyAddress.init)
    }

    /// Whether there is a manager to tell anything.
    package var isSupervised: Bool { address != nil }

    /// Sends states as one notification. Returns whether the manager's socket took it.
    @discardableResult
    package func send(_ states: NotifyState...) -> Bool {
        guard let address, !states.isEmpty else { return false }
        // A socket for each notification, as libsystemd does: a manager that starts again has a new socket behind the same name.
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { _ = Glibc.close(descriptor) }
        let message = Array(states.map(\.text).joined(separator: "\n").utf8)
        let count = message.withUnsafeBytes { bytes in
            address.with { sendto(descriptor, bytes.baseAddress, bytes.count, Self.flags, $0, $1) }
        }
        return count == message.count
    }
}
