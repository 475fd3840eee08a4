/// Says why a device node is denied and what lets one in.
package struct GroupAdvice: Sendable {
    private let credentials: Credentials
    private let groupName: @Sendable (UInt32) -> String

    /// Advice for a program that runs so; `groupName` gives a group's name.
    package init(_ credentials: Credentials, groupName: @escaping @Sendable (UInt32) -> String = Credentials.groupName) {
        self.credentials = credentials
        self.groupName = groupName
    }

    /// The clause of a message: the node's mode and group, who we are, and what to do.
    ///
    /// - Parameters:
    ///   - node: the node's path.
    ///   - status: what stat(2) says of it; nil where it cannot be seen.
    ///   - deviceClass: systemd's name of such devices, `char-video4linux` or `char-alsa`.
    package func text(_ node: String, _ status: NodeStatus?, deviceClass: String) -> String {
        guard let status else { return "\(node) cannot be looked at; check the permissions of its folder" }
        let group = groupName(status.group)
        let us = "user \(credentials.userName) (\(credentials.user))"
        let mode = "\(node) has mode \(String(status.mode, radix: 8)) and group \(group)"
        let isMember = credentials.groups.contains(status.group)
        if credentials.user == 0 || allows(status) {
            return "\(mode), which lets \(us) in, so that a sandbox forbids it: for a systemd service add DeviceAllow=\(deviceClass) rw, for a "
                + "container pass the device"
        }
        guard !isMember, status.mode & 0o060 == 0o060 else {
            return "\(mode), and lets only its owner read and write; give it to a group with a udev rule: MODE=\"0660\", GROUP=\"\(group)\""
        }
        guard group != "root" else {
            return "\(mode), to which nobody should be added; give it another group with a udev rule like GROUP=\""
                + "\(deviceClass == "char-alsa" ? "audio" : "video")\""
        }
        let remedy =
            credentials.isService
            ? "add SupplementaryGroups=\(group) to the service (systemctl edit aurald) and restart it"
            : "run sudo usermod -aG \(group) \(credentials.userName) and log in again"
        return "\(mode), and \(us) is not in that group; \(remedy)"
    }

    private func allows(_ status: NodeStatus) -> Bool {
        // The first class that fits decides, even if a later one would allow more (path_resolution(7)).
        let bits: UInt32
        if status.owner == credentials.user {
            bits = status.mode >> 6
        } else if credentials.groups.contains(status.group) {
            bits = status.mode >> 3
        } else {
            bits = status.mode
        }
        return bits & 0o6 == 0o6
    }
}
