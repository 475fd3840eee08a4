import CLinux

/// Why something is watched, and what its events mean. Pure.
enum HotPlugRole: Hashable {
    /// /dev, where video nodes and the other folders come and go.
    case devices
    /// /dev/v4l, where udev makes the folders of links.
    case linkFolders
    /// /dev/v4l/by-id or by-path.
    case links
    /// /dev/snd.
    case sounds
    /// A device node.
    case node(HotPlugChange.Kind)

    /// The events to ask inotify for. On folders no IN_CLOSE: every process of the machine closes /dev/null.
    var mask: UInt32 {
        switch self {
        case .devices, .linkFolders, .links, .sounds:
            UInt32(IN_CREATE) | UInt32(IN_DELETE) | UInt32(IN_ATTRIB) | UInt32(IN_MOVED_TO) | UInt32(IN_MOVED_FROM) | UInt32(IN_ONLYDIR)
        case .node: UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE)
        }
    }

    /// What an event means for devices, and whether there may be more or less to watch after it.
    func meaning(of event: InotifyEvent) -> (change: HotPlugChange?, isStructural: Bool) {
        guard event.mask & UInt32(IN_IGNORED) == 0 else { return (nil, true) }
        switch self {
        case .devices:
            if Self.isVideoNode(event.name) { return (HotPlugChange(.camera, isRelease: false), true) }
            return (nil, event.name == "v4l" || event.name == "snd")
        case .linkFolders: return (nil, event.name == "by-id" || event.name == "by-path")
        case .links: return (HotPlugChange(.camera, isRelease: false), false)
        case .sounds:
            // The control node comes too when permissions change or a card is complete.
            guard event.name.hasPrefix("controlC") || SoundCatalogue.numbers(event.name) != nil else { return (nil, false) }
            return (HotPlugChange(.sound, isRelease: false), true)
        case .node(let kind):
            guard event.mask & (UInt32(IN_CLOSE_WRITE) | UInt32(IN_CLOSE_NOWRITE)) != 0 else { return (nil, false) }
            return (HotPlugChange(kind, isRelease: true), false)
        }
    }

    /// What has changed when a place begins to be watched: things may have come into it before the watch.
    var changeWhenNew: HotPlugChange? {
        switch self {
        case .links: HotPlugChange(.camera, isRelease: false)
        case .sounds: HotPlugChange(.sound, isRelease: false)
        case .devices, .linkFolders, .node: nil
        }
    }

    private static func isVideoNode(_ name: String) -> Bool {
        name.hasPrefix("video") && name.count > 5 && name.dropFirst(5).allSatisfy { $0.isASCII && $0.isNumber }
    }
}
