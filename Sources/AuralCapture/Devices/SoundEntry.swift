/// A capture device of a sound card in the catalogue.
package struct SoundEntry: Sendable, Equatable {
    /// The card's number, which changes with the order of plugging.
    package var card: Int
    /// The device on it.
    package var device: Int
    /// The card's id, like `Webcam`.
    package var identifier: String
    /// The card's name.
    package var name: String
    /// The device's name; empty where it is hidden.
    package var deviceName: String
    /// How many can record at a time; nil where it is hidden.
    package var subdevices: Int?
    /// What it is on USB.
    package var usb: USBIdentity?
    /// Whether it is snd-aloop, which hears what is played into it and nothing else.
    package var isLoopback: Bool
    /// What it can do; nil where it could not be asked.
    package var survey: SoundSurvey?
    /// Whether it can be opened now.
    package var access: DeviceAccess

    /// The device node.
    package var node: String { "/dev/snd/pcmC\(card)D\(device)c" }

    /// The PCM that is opened: `plughw` is the hardware itself where that has what is asked for, and converts what it has not.
    package var pcm: String { "plughw:CARD=\(identifier),DEV=\(device)" }

    /// The name for the configuration that stays when devices are plugged in otherwise.
    ///
    /// - Parameter others: all entries: a name that two cards have is none, and a card's name means its first device.
    package func stableName(among others: [SoundEntry]) -> String {
        guard !others.contains(where: { $0.card == card && $0.device < device }) else { return pcm }
        if let usb, !others.contains(where: { $0.card != card && $0.usb.map(usb.means) ?? false }) { return usb.description }
        return "card:\(identifier)"
    }

    /// Whether a PCM of ALSA's hardware plugins means this device: `hw:1,0`, `plughw:Webcam`, `hw:CARD=Webcam,DEV=0`.
    package func answers(to pcm: String) -> Bool {
        guard let colon = pcm.firstIndex(of: ":"), ["hw", "plughw"].contains(pcm[..<colon]) else { return false }
        var (card, device) = ("0", "0")
        for (index, part) in pcm[pcm.index(after: colon)...].split(separator: ",").enumerated() {
            let key = part.contains("=") ? String(part.prefix { $0 != "=" }) : index == 0 ? "CARD" : index == 1 ? "DEV" : ""
            let value = part.split(separator: "=").last.map(String.init) ?? ""
            if key == "CARD" { card = value }
            if key == "DEV" { device = value }
        }
        return (identifier == card || String(self.card) == card) && String(self.device) == device
    }
}
