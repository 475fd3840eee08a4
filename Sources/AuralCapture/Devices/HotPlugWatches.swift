import CLinux
import Glibc

/// The watches of one inotify descriptor on a /dev folder: keeps them in step with what is there, and makes changes of events.
struct HotPlugWatches {
    private let descriptor: Int32
    private let root: String
    private let tree = SystemDeviceTree()
    private var roles: [Int32: HotPlugRole] = [:]

    /// Watches what there is.
    init(descriptor: Int32, root: String) {
        self.descriptor = descriptor
        self.root = root
        _ = refresh()
    }

    /// Changes among devices that a buffer of events tells of.
    mutating func changes(_ bytes: Span<UInt8>) -> Set<HotPlugChange> {
        var changes: Set<HotPlugChange> = []
        var isStructural = false
        for event in InotifyEvent.parse(bytes) {
            guard event.mask & UInt32(IN_Q_OVERFLOW) == 0 else {
                // Events were lost: anything may have changed.
                changes.formUnion(HotPlugChange.Kind.allCases.map { HotPlugChange($0, isRelease: false) })
                isStructural = true
                continue
            }
            guard let role = roles[event.watch] else { continue }
            if event.mask & UInt32(IN_IGNORED) != 0 { roles[event.watch] = nil }
            let meaning = role.meaning(of: event)
            if let change = meaning.change { changes.insert(change) }
            isStructural = isStructural || meaning.isStructural
        }
        if isStructural { changes.formUnion(refresh()) }
        return changes
    }

    /// Watches all that is there, which does nothing for what is watched already. What cannot be read is left: permissions that come later
    /// are an event of its folder.
    private mutating func refresh() -> Set<HotPlugChange> {
        var places: [(String, HotPlugRole)] = [
            (root, .devices), ("\(root)/v4l", .linkFolders), ("\(root)/v4l/by-id", .links), ("\(root)/v4l/by-path", .links),
            ("\(root)/snd", .sounds),
        ]
        places += tree.numbered("video", in: root).map { ("\(root)/\($0.name)", .node(.camera)) }
        places += (tree.names(in: "\(root)/snd") ?? []).filter { SoundCatalogue.numbers($0) != nil }.map { ("\(root)/snd/\($0)", .node(.sound)) }
        var changes: Set<HotPlugChange> = []
        for (path, role) in places {
            let watch = inotify_add_watch(descriptor, path, role.mask)
            guard watch >= 0, roles.updateValue(role, forKey: watch) == nil, let change = role.changeWhenNew else { continue }
            changes.insert(change)
        }
        return changes
    }
}
