import Glibc

/// A group of the system, by its name (getgrnam_r(3)).
package struct ClientGroup: Sendable, Equatable {
    /// Its name.
    package let name: String
    /// Its number; nil where this machine has no such group.
    package let identifier: UInt32?

    /// A group with its fields.
    package init(name: String, identifier: UInt32?) {
        self.name = name
        self.identifier = identifier
    }

    /// Looks the name up.
    package init(named name: String) {
        self.init(name: name, identifier: Self.lookUp(name))
    }

    private static func lookUp(_ name: String) -> UInt32? {
        // A group with thousands of members does not fit the size that sysconf(3) suggests; ERANGE says so.
        var capacity = 4096
        while capacity <= 1 << 22 {
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            var buffer = [CChar](repeating: 0, count: capacity)
            let error = getgrnam_r(name, &entry, &buffer, capacity, &found)
            if error == 0 { return found == nil ? nil : entry.gr_gid }
            guard error == ERANGE || error == EINTR else { return nil }
            if error == ERANGE { capacity *= 4 }
        }
        return nil
    }
}
