/// Finds out who has a device open, as far as /proc shows it: one's own processes, root everybody's, a service with `ProtectProc=invisible`
/// nobody's.
package struct HolderFinder: Sendable {
    private let tree: any DeviceTree
    private let ownProcess: Int?

    /// A finder in a tree; `ownProcess` is left out, since it is we who ask.
    package init(_ tree: any DeviceTree, ownProcess: Int?) {
        self.tree = tree
        self.ownProcess = ownProcess
    }

    /// The programs that have the device open, in the order of their numbers. Empty where nobody has it or nobody can be seen.
    package func holders(of node: String) -> [Holder] {
        guard case .device(let number) = tree.status(of: node)?.kind else { return [] }
        return tree.numbered("", in: "/proc").compactMap { entry in
            guard entry.number != ownProcess else { return nil }
            let folder = "/proc/\(entry.name)/fd"
            let hasOpen = (tree.names(in: folder) ?? []).contains { descriptor in
                let link = "\(folder)/\(descriptor)"
                // Only what may be a device is looked at closer: stat(2) of a file on a network that has gone would wait for it.
                guard let target = tree.target(of: link), target.hasPrefix("/dev/") else { return false }
                return target == node || tree.status(of: link)?.kind == .device(number)
            }
            return hasOpen ? holder(entry.number) : nil
        }
    }

    /// The program that records from an ALSA device, by what the kernel itself notes: `/proc/asound/card0/pcm0c/sub0/status`.
    package func holders(ofCard card: Int, device: Int) -> [Holder] {
        let folder = "/proc/asound/card\(card)/pcm\(device)c"
        let noted = tree.numbered("sub", in: folder).compactMap { substream -> Holder? in
            let lines = tree.contents(of: "\(folder)/\(substream.name)/status")?.split(separator: "\n") ?? []
            guard let line = lines.first(where: { $0.hasPrefix("owner_pid") }), let colon = line.firstIndex(of: ":") else { return nil }
            guard let process = Int(line[line.index(after: colon)...].filter { $0 != " " }), process != ownProcess else { return nil }
            return holder(process)
        }
        // What is not noted is looked for as for any other device.
        return noted.isEmpty ? holders(of: "/dev/snd/pcmC\(card)D\(device)c") : noted
    }

    /// A clause for a message: who holds the node, or how to find out.
    package static func text(_ holders: [Holder], node: String) -> String {
        guard !holders.isEmpty else {
            return "held by a program that this user cannot see; as root, fuser -v \(node) names it"
        }
        return "held by " + holders.map(\.description).joined(separator: ", ")
    }

    private func holder(_ process: Int) -> Holder {
        Holder(process: process, name: tree.line("/proc/\(process)/comm") ?? "")
    }
}
