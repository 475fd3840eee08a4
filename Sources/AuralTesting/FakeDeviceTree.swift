import AuralCapture

/// A /dev, /sys and /proc from a table. Folders are there where something is in them.
package struct FakeDeviceTree: DeviceTree {
    /// Texts of files.
    package var files: [String: String] = [:]
    /// Symbolic links: absolute, or relative to their folder.
    package var links: [String: String] = [:]
    /// Device nodes.
    package var nodes: [String: NodeStatus] = [:]
    /// What may not be opened.
    package var forbidden: Set<String> = []

    /// An empty tree.
    package init() {}

    /// Adds a device node with mode 0660 and the group 44.
    package mutating func addNode(_ path: String, number: UInt64, group: UInt32 = 44) {
        nodes[path] = NodeStatus(kind: .device(number), mode: 0o660, owner: 0, group: group)
    }

    /// Adds a process that has files open.
    package mutating func addProcess(_ number: Int, _ name: String, _ open: [String]) {
        files["/proc/\(number)/comm"] = "\(name)\n"
        for (descriptor, path) in open.enumerated() { links["/proc/\(number)/fd/\(descriptor)"] = path }
    }

    package func names(in folder: String) -> [String]? {
        guard let folder = resolved(folder) else { return nil }
        let names = Set(
            all.filter { $0.hasPrefix(folder + "/") }.compactMap { $0.dropFirst(folder.count + 1).split(separator: "/").first.map(String.init) })
        return names.isEmpty ? nil : Array(names)
    }

    package func contents(of file: String) -> String? { resolved(file).flatMap { files[$0] } }

    package func target(of link: String) -> String? { links[link] }

    package func resolved(_ path: String) -> String? {
        var rest = path.split(separator: "/").map(String.init)[...]
        var done: [String] = []
        var followed = 0
        while let component = rest.popFirst() {
            guard component != ".." else {
                _ = done.popLast()
                continue
            }
            done.append(component)
            guard let target = links["/" + done.joined(separator: "/")] else { continue }
            followed += 1
            guard followed < 16 else { return nil }
            done = target.hasPrefix("/") ? [] : done.dropLast()
            rest = (target.split(separator: "/").map(String.init) + rest)[...]
        }
        let result = "/" + done.joined(separator: "/")
        let isThere = files[result] != nil || nodes[result] != nil || all.contains { $0.hasPrefix(result + "/") }
        return isThere ? result : nil
    }

    package func status(of path: String) -> NodeStatus? {
        guard let path = resolved(path) else { return nil }
        return nodes[path] ?? NodeStatus(kind: files[path] == nil ? .folder : .other, mode: 0o755, owner: 0, group: 0)
    }

    package func mayOpen(_ path: String) -> Bool { status(of: path) != nil && !forbidden.contains(path) }

    private var all: [String] { Array(files.keys) + Array(links.keys) + Array(nodes.keys) }
}
