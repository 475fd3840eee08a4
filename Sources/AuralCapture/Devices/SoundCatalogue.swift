/// Lists the capture devices of the sound cards.
package struct SoundCatalogue: Sendable {
    private let tree: any DeviceTree
    private let probe: any SoundProbe
    private let holders: HolderFinder
    private let advice: GroupAdvice

    /// A catalogue of a tree.
    package init(_ tree: any DeviceTree, probe: any SoundProbe, holders: HolderFinder, advice: GroupAdvice) {
        self.tree = tree
        self.probe = probe
        self.holders = holders
        self.advice = advice
    }

    /// All capture devices in the order of cards and devices, each opened and asked.
    package func entries() -> [SoundEntry] {
        outlines().map { outline in
            var entry = outline
            entry.name = name(of: entry)
            guard isPermitted(entry) else {
                entry.access = denied(entry)
                return entry
            }
            do throws(DeviceError) {
                entry.survey = try probe.survey(card: entry.card, device: entry.device)
            } catch {
                switch error.code {
                case .busy: entry.access = .busy(holders.holders(ofCard: entry.card, device: entry.device))
                case .denied: entry.access = denied(entry)
                default: entry.access = .failed(error.message)
                }
            }
            return entry
        }
    }

    /// What is known without opening anything. /sys is where names are and /dev/snd is where nodes are; a sandbox may hide either.
    func outlines() -> [SoundEntry] {
        let names = Set(tree.names(in: "/sys/class/sound") ?? []).union(tree.names(in: "/dev/snd") ?? [])
        return names.compactMap(Self.numbers).sorted { ($0.card, $0.device) < ($1.card, $1.device) }.map(outline)
    }

    /// Whether the card's nodes may be opened. alsa-lib does not tell: where it must not open the control node it says that there is no such
    /// card, and prints so too.
    func isPermitted(_ entry: SoundEntry) -> Bool {
        [entry.node, "/dev/snd/controlC\(entry.card)"].allSatisfy { tree.status(of: $0) == nil || tree.mayOpen($0) }
    }

    /// The card's name, or its id where that is hidden.
    func name(of entry: SoundEntry) -> String {
        guard isPermitted(entry), let name = probe.name(ofCard: entry.card), !name.isEmpty else { return entry.identifier }
        return name
    }

    private func denied(_ entry: SoundEntry) -> DeviceAccess {
        .denied(advice.text(entry.node, tree.status(of: entry.node), deviceClass: "char-alsa"))
    }

    /// Card and device in `pcmC0D1c`; nil for anything else, playback among it.
    package static func numbers(_ name: String) -> (card: Int, device: Int)? {
        guard let match = name.wholeMatch(of: #/pcmC([0-9]{1,9})D([0-9]{1,9})c/#), let card = Int(match.1), let device = Int(match.2) else {
            return nil
        }
        return (card, device)
    }

    private func outline(_ numbers: (card: Int, device: Int)) -> SoundEntry {
        let (card, device) = numbers
        let folder = "/sys/class/sound/card\(card)"
        let identifier = tree.line("\(folder)/id") ?? tree.line("/proc/asound/card\(card)/id") ?? "\(card)"
        let parent = tree.resolved("\(folder)/device")
        let notes = tree.contents(of: "/proc/asound/card\(card)/pcm\(device)c/info")?.split(separator: "\n") ?? []
        func note(_ key: String) -> String? {
            notes.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
        }
        return SoundEntry(
            card: card, device: device, identifier: identifier, name: identifier, deviceName: note("name") ?? "",
            subdevices: note("subdevices_count").flatMap { Int($0) }, usb: USBIdentity.of("\(folder)/device", in: tree),
            isLoopback: parent?.contains("/snd_aloop.") ?? identifier.hasPrefix("Loopback"), survey: nil, access: .free)
    }
}
