/// Why there is no camera or no microphone, for people who look for one.
package enum DeviceAbsence {
    /// Both explanations; each is meant for when nothing was found.
    package static func notes(_ system: DeviceSystem) -> (camera: String, sound: String) {
        (camera(system.tree), sound(system.tree))
    }

    /// Why no video node gives pictures.
    package static func camera(_ tree: any DeviceTree) -> String {
        let nodes = tree.numbered("video", in: "/dev").map { "/dev/\($0.name)" }
        let known = tree.numbered("video", in: "/sys/class/video4linux").map(\.name)
        if !nodes.isEmpty {
            return "no camera: \(nodes.joined(separator: ", ")) \(nodes.count == 1 ? "is" : "are") there, but none gives pictures "
                + "(V4L2_CAP_VIDEO_CAPTURE and _STREAMING): metadata, outputs and codecs are no cameras"
        }
        if !known.isEmpty {
            return "no camera: the kernel has \(known.joined(separator: ", ")), but /dev has no such node; a sandbox hides it "
                + "(PrivateDevices=yes must not be set for the service, a container needs the device passed)"
        }
        return "no camera: there is no /dev/video*; plug one in, and see journalctl -k -g uvcvideo for what the kernel makes of it"
    }

    /// Why no sound card can capture.
    package static func sound(_ tree: any DeviceTree) -> String {
        let known = tree.numbered("card", in: "/sys/class/sound").map(\.name)
        if !known.isEmpty {
            let names = known.map { "\(tree.line("/sys/class/sound/\($0)/id") ?? $0)" }
            return "no microphone: \(names.joined(separator: ", ")) can play, but not capture; plug a microphone in"
        }
        return "no microphone: there is no sound card (no /dev/snd/pcm*c, nothing in /sys/class/sound); plug one in, and see "
            + "journalctl -k -g snd for what the kernel makes of it"
    }
}
