/// What stat(2) says about a node.
package struct NodeStatus: Sendable, Equatable {
    /// What the node is.
    package enum Kind: Sendable, Equatable {
        /// A character device, with its number (`st_rdev`).
        case device(UInt64)
        /// A folder.
        case folder
        /// A socket.
        case socket
        /// Anything else.
        case other
    }

    /// What it is.
    package var kind: Kind
    /// The permission bits, 0…0o7777.
    package var mode: UInt32
    /// The owner.
    package var owner: UInt32
    /// The owning group.
    package var group: UInt32

    /// A status with all its fields.
    package init(kind: Kind, mode: UInt32, owner: UInt32, group: UInt32) {
        self.kind = kind
        self.mode = mode
        self.owner = owner
        self.group = group
    }
}

/// The folders in which the kernel and udev describe devices: /dev, /sys and /proc. Every function answers nil for what is not there or must
/// not be read: under a service's sandbox much of it is hidden, and all of it can vanish between two calls.
package protocol DeviceTree: Sendable {
    /// The names in a folder, in no order.
    func names(in folder: String) -> [String]?

    /// The text of a file, at most 64 KiB of it.
    func contents(of file: String) -> String?

    /// What a symbolic link says, as it says it.
    func target(of link: String) -> String?

    /// The path without links (realpath(3)).
    func resolved(_ path: String) -> String?

    /// stat(2), which follows links.
    func status(of path: String) -> NodeStatus?

    /// Whether this user may read and write (access(2)): mode, group, access control lists and a sandbox's rules, all in one.
    func mayOpen(_ path: String) -> Bool
}

extension DeviceTree {
    /// The text of a file with one line, without what surrounds it; nil where that is empty.
    func line(_ file: String) -> String? {
        guard let text = contents(of: file) else { return nil }
        let line = String(text.prefix { $0 != "\n" && $0 != "\0" })
        let trimmed = line.drop { $0 == " " }
        return trimmed.isEmpty ? nil : String(trimmed.reversed().drop { $0 == " " }.reversed())
    }

    /// The names in a folder that have a number between a prefix and a suffix, in the order of the numbers.
    func numbered(_ prefix: String, suffix: String = "", in folder: String) -> [(name: String, number: Int)] {
        (names(in: folder) ?? []).compactMap { name in
            guard name.hasPrefix(prefix), name.hasSuffix(suffix), name.count > prefix.count + suffix.count else { return nil }
            let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else { return nil }
            return (name, number)
        }.sorted { $0.number < $1.number }
    }
}
