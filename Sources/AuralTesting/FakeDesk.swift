import AuralCapture

/// A machine with two webcams, a loopback camera that nobody plays into, and four sound cards: HDMI, snd-aloop, and the webcams' microphones.
package struct FakeDesk {
    /// Its /dev, /sys and /proc.
    package var tree = FakeDeviceTree()
    /// Its video nodes.
    package var cameras = FakeCameraProbe()
    /// Its sound cards.
    package var sounds = FakeSoundProbe()
    /// As whom the program runs.
    package var credentials = Credentials(user: 1000, userName: "ada", groups: [1000], isService: false)

    /// The machine, with everything plugged in, permitted and free.
    package init() {
        addCamera(0, "HD Webcam C525", usb: "1-2", vendor: "046d", product: "0826", serial: "E3A1", isCapture: true)
        addCamera(1, "HD Webcam C525", usb: "1-2", vendor: "046d", product: "0826", serial: "E3A1", isCapture: false)
        addCamera(2, "HD Webcam C615", usb: "1-3", vendor: "046d", product: "082c", serial: nil, isCapture: true)
        addCamera(10, "Loop", usb: nil, vendor: "", product: "", serial: nil, isCapture: true)
        cameras.surveys["/dev/video10"]?.formats = []
        tree.links["/dev/v4l/by-id/usb-046d_HD_Webcam_C525_E3A1-video-index0"] = "../../video0"
        tree.links["/dev/v4l/by-id/usb-046d_HD_Webcam_C525_E3A1-video-index1"] = "../../video1"
        tree.links["/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0"] = "../../video2"
        addCard(0, "HDMI", "HDA Intel HDMI", capture: [], device: "pci0000:00/0000:00:03.0")
        addCard(1, "Loopback", "Loopback", capture: [0, 1], device: "platform/snd_aloop.0")
        addCard(2, "C525", "HD Webcam C525", capture: [0], device: "pci0000:00/usb1/1-2/1-2:1.2")
        addCard(3, "C615", "HD Webcam C615", capture: [0], device: "pci0000:00/usb1/1-3/1-3:1.2")
    }

    /// The machine as a program sees it.
    package var system: DeviceSystem {
        DeviceSystem(tree: tree, cameraProbe: cameras, soundProbe: sounds, credentials: credentials) {
            $0 == 44 ? "video" : $0 == 29 ? "audio" : "\($0)"
        }
    }

    /// Takes the right to open devices away.
    package mutating func deny(_ paths: String...) {
        for path in paths {
            tree.forbidden.insert(path)
            if path.hasPrefix("/dev/video") { cameras.failures[path] = .denied }
        }
    }

    private mutating func addCamera(
        _ number: Int, _ name: String, usb: String?, vendor: String, product: String, serial: String?, isCapture: Bool
    ) {
        let node = "/dev/video\(number)"
        tree.addNode(node, number: UInt64(20_736 + number))
        let folder = usb.map { "/sys/devices/pci0000:00/usb1/\($0)/\($0):1.0" } ?? "/sys/devices/virtual"
        let entry = "\(folder)/video4linux/video\(number)"
        tree.files["\(entry)/name"] = "\(name)\n"
        tree.files["\(entry)/index"] = isCapture ? "0\n" : "1\n"
        tree.links["/sys/class/video4linux/video\(number)"] = "../../devices" + entry.dropFirst("/sys/devices".count)
        if let usb {
            tree.links["\(entry)/device"] = "../../../\(usb):1.0"
            let parent = "/sys/devices/pci0000:00/usb1/\(usb)"
            tree.files["\(parent)/idVendor"] = "\(vendor)\n"
            tree.files["\(parent)/idProduct"] = "\(product)\n"
            if let serial { tree.files["\(parent)/serial"] = "\(serial)\n" }
        }
        let identity = CameraIdentity(card: name, driver: usb == nil ? "v4l2 loopback" : "uvcvideo", bus: usb ?? "virtual", isCapture: isCapture)
        let sizes = [
            CameraSize(width: 640, height: 480, rates: .listed([30, 15])), CameraSize(width: 1280, height: 720, rates: .listed([10])),
        ]
        cameras.surveys[node] = CameraSurvey(
            identity: identity, formats: isCapture ? [CameraFormat(code: "YUYV", name: "YUYV 4:2:2", sizes: sizes)] : [], isBusy: false)
    }

    private mutating func addCard(_ number: Int, _ identifier: String, _ name: String, capture: [Int], device: String) {
        let folder = "/sys/devices/\(device)/sound/card\(number)"
        tree.files["\(folder)/id"] = "\(identifier)\n"
        tree.links["\(folder)/device"] = "../.."
        tree.links["/sys/class/sound/card\(number)"] = "../../devices/\(device)/sound/card\(number)"
        tree.addNode("/dev/snd/controlC\(number)", number: UInt64(29_696 + number), group: 29)
        for device in capture {
            tree.addNode("/dev/snd/pcmC\(number)D\(device)c", number: UInt64(30_000 + 10 * number + device), group: 29)
            tree.links["/sys/class/sound/pcmC\(number)D\(device)c"] = "../../devices/virtual/pcm"
            tree.files["/proc/asound/card\(number)/pcm\(device)c/info"] = "card: \(number)\nname: \(name) PCM\nsubdevices_count: 1\n"
            tree.files["/proc/asound/card\(number)/pcm\(device)c/sub0/status"] = "closed\n"
        }
        sounds.names[number] = name
    }
}
