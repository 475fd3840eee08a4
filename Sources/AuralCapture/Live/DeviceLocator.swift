/// A device that was found under its configured name.
package struct LocatedDevice: Sendable, Equatable {
    /// What is opened: a device node, or an ALSA PCM's name.
    package var path: String
    /// The device's own name, for people.
    package var label: String
    /// Something to tell the user once, like a name that changes with every start.
    package var warning: String?

    /// A device with all its fields.
    package init(path: String, label: String, warning: String? = nil) {
        self.path = path
        self.label = label
        self.warning = warning
    }
}

/// Finds devices by their configured names, anew each time one is opened, and explains why one cannot be.
package protocol DeviceLocator: Sendable {
    /// The device of that name. Throws `absent` where there is none now, `badName` where the name can never be one.
    func locate(_ name: String) throws(DeviceError) -> LocatedDevice

    /// The same error with more to say: who holds a busy device, which group lets one into a denied one.
    func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError
}
