/// Whether a device can be opened now.
package enum DeviceAccess: Sendable, Equatable {
    /// Yes.
    case free
    /// Another program has it: these, as far as they can be seen.
    case busy([Holder])
    /// The kernel does not let us; the text says what to do.
    case denied(String)
    /// Opening fails otherwise; the text says how.
    case failed(String)
}

/// A video node in the catalogue.
package struct CameraEntry: Sendable, Equatable {
    /// The device node, like `/dev/video0`.
    package var node: String
    /// The name in /sys/class/video4linux, which `name:` means. Not always the card's: vivid's card is `vivid`, its node `vivid-000-vid-cap`.
    package var name: String
    /// The camera's name by its driver; empty where the node could not be asked.
    package var card: String
    /// The kernel's driver; empty where the node could not be asked.
    package var driver: String
    /// Where it is plugged in; empty where the node could not be asked.
    package var bus: String
    /// The link in /dev/v4l/by-id.
    package var byID: String?
    /// The link in /dev/v4l/by-path.
    package var byPath: String?
    /// What it is on USB.
    package var usb: USBIdentity?
    /// Whether it gives pictures; nil where it could not be asked.
    package var isCapture: Bool?
    /// What it can do.
    package var formats: [CameraFormat]
    /// Whether it can be opened now.
    package var access: DeviceAccess

    /// The name for the configuration that stays when devices are plugged in otherwise.
    ///
    /// - Parameter others: all nodes: a name that two have is none.
    package func stableName(among others: [CameraEntry]) -> String {
        if let byID { return byID }
        // Nodes of one camera share names; the first that captures is found by them.
        let rivals = others.filter { $0.isCapture != false && $0.node != node }
        if let usb, !rivals.contains(where: { $0.usb.map(usb.means) ?? false }) { return usb.description }
        if let byPath { return byPath }
        if !name.isEmpty, !rivals.contains(where: { $0.name == name }) { return "name:\(name)" }
        return node
    }

    /// The name for people.
    package var title: String { card.isEmpty ? name.isEmpty ? node : name : card }
}
