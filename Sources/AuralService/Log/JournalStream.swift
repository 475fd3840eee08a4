import Glibc

/// The journal's stream as `$JOURNAL_STREAM` names it: `device:inode`, in decimal (systemd.exec(5)).
package struct JournalStream: Sendable, Equatable {
    /// The device.
    package let device: UInt64
    /// The inode.
    package let inode: UInt64

    /// Reads the variable; nil where it is missing or something else.
    package init?(environment: [String: String]) {
        let parts = (environment["JOURNAL_STREAM"] ?? "").split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
        guard parts.count == 2, let device = parts[0], let inode = parts[1] else { return nil }
        self.device = device
        self.inode = inode
    }

    /// Whether a descriptor is that stream. The variable alone says nothing: children inherit it, also those whose output goes elsewhere.
    package func isOpen(as descriptor: Int32) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        return UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
    }
}
