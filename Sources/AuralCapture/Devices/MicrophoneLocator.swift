/// Finds microphones by their configured names.
package struct MicrophoneLocator: DeviceLocator {
    private let tree: any DeviceTree
    private let catalogue: SoundCatalogue
    private let holders: HolderFinder
    private let advice: GroupAdvice

    /// A locator in a tree.
    package init(_ tree: any DeviceTree, probe: any SoundProbe, holders: HolderFinder, advice: GroupAdvice) {
        self.tree = tree
        self.holders = holders
        self.advice = advice
        catalogue = SoundCatalogue(tree, probe: probe, holders: holders, advice: advice)
    }

    package func locate(_ name: String) throws(DeviceError) -> LocatedDevice {
        let parsed = try MicrophoneName(name)
        let all = catalogue.outlines()
        switch parsed {
        case .automatic:
            // A loopback card hears only what is played into it: the last resort.
            guard let entry = all.first(where: { !$0.isLoopback }) ?? all.first else {
                throw DeviceError(.absent, device: "microphone auto", "no sound card can capture; plug a microphone in")
            }
            return located(entry)
        case .none: throw DeviceError(.absent, device: "microphone", "microphone.device is \"none\"")
        case .usb(let identity):
            guard let entry = all.first(where: { $0.usb.map(identity.means) ?? false }) else {
                throw DeviceError(.absent, device: name, "is not plugged in, or cannot capture")
            }
            return located(entry)
        case .card(let card):
            let entry = all.first { $0.identifier == card } ?? all.first { catalogue.name(of: $0) == card }
            guard let entry else {
                throw DeviceError(.absent, device: name, "no card that can capture has this id or name; aurald devices lists them")
            }
            return located(entry)
        case .pcm(let pcm):
            guard pcm.wholeMatch(of: #/(plug)?hw:[0-9]+(,[0-9]+)*/#) != nil, let entry = all.first(where: { $0.answers(to: pcm) }) else {
                return LocatedDevice(path: pcm, label: pcm)
            }
            let stable = entry.stableName(among: all)
            return LocatedDevice(
                path: pcm, label: catalogue.name(of: entry),
                warning: "the card's number in \(pcm) changes when cards are plugged in otherwise; write \"\(stable)\" instead")
        }
    }

    package func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError {
        guard let entry = catalogue.outlines().first(where: { $0.answers(to: device.path) }) else { return error }
        switch error.code {
        case .busy:
            let text = HolderFinder.text(holders.holders(ofCard: entry.card, device: entry.device), node: entry.node)
            return DeviceError(.busy, device: error.device, "\(error.message); \(text)")
        case .denied, .absent, .failed:
            // Without permission alsa-lib says that there is no such card.
            guard error.code == .denied || !catalogue.isPermitted(entry) else { return error }
            let text = advice.text(entry.node, tree.status(of: entry.node), deviceClass: "char-alsa")
            return DeviceError(.denied, device: error.device, "permission denied; \(text)")
        default: return error
        }
    }

    private func located(_ entry: SoundEntry) -> LocatedDevice {
        LocatedDevice(path: entry.pcm, label: catalogue.name(of: entry))
    }
}
