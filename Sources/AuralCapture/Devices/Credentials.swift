import Foundation
import Glibc

/// As whom a program runs.
package struct Credentials: Sendable, Equatable {
    /// The effective user.
    package var user: UInt32
    /// The user's name, or its number.
    package var userName: String
    /// All groups, the effective one among them.
    package var groups: Set<UInt32>
    /// Whether systemd runs it as a service.
    package var isService: Bool

    /// Credentials with all their fields.
    package init(user: UInt32, userName: String, groups: Set<UInt32>, isService: Bool) {
        self.user = user
        self.userName = userName
        self.groups = groups
        self.isService = isService
    }

    /// Those of this process.
    package static var current: Credentials {
        let user = geteuid()
        var groups = [gid_t](repeating: 0, count: max(Int(getgroups(0, nil)), 0))
        let count = getgroups(Int32(groups.count), &groups)
        var all = Set(groups.prefix(max(Int(count), 0)))
        all.insert(getegid())
        // systemd sets INVOCATION_ID for all that it starts, terminals' sessions too, and SYSTEMD_EXEC_PID to the service's own process.
        let isService = ProcessInfo.processInfo.environment["SYSTEMD_EXEC_PID"] == String(getpid())
        return Credentials(user: user, userName: userName(user), groups: all, isService: isService)
    }

    /// A group's name, or its number where it has none.
    package static func groupName(_ group: UInt32) -> String {
        var entry = Glibc.group()
        return lookUp(String(group)) { buffer in
            var found: UnsafeMutablePointer<Glibc.group>?
            guard let base = buffer.baseAddress, getgrgid_r(group, &entry, base, buffer.count, &found) == 0, found != nil else { return nil }
            return entry.gr_name.map { String(cString: $0) }
        }
    }

    private static func userName(_ user: UInt32) -> String {
        var entry = passwd()
        return lookUp(String(user)) { buffer in
            var found: UnsafeMutablePointer<passwd>?
            guard let base = buffer.baseAddress, getpwuid_r(user, &entry, base, buffer.count, &found) == 0, found != nil else { return nil }
            return entry.pw_name.map { String(cString: $0) }
        }
    }

    private static func lookUp(_ number: String, _ body: (UnsafeMutableBufferPointer<CChar>) -> String?) -> String {
        var buffer = [CChar](repeating: 0, count: 16_384)
        return buffer.withUnsafeMutableBufferPointer { body($0) } ?? number
    }
}
