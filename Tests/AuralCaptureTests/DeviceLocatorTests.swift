import AuralCapture
import AuralTesting
import Testing

@Suite struct DeviceLocatorTests {
    private static let link = "/dev/v4l/by-id/usb-046d_HD_Webcam_C525_E3A1-video-index0"

    @Test(
        "a camera is found under each of its names", .timeLimit(.minutes(5)),
        arguments: [
            ("auto", "/dev/video0"), (link, "/dev/video0"), ("/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0", "/dev/video2"),
            ("usb:046d:0826", "/dev/video0"), ("usb:046d:0826:E3A1", "/dev/video0"), ("usb:046d:082c", "/dev/video2"),
            ("name:HD Webcam C525", "/dev/video0"), ("name:HD Webcam C6", "/dev/video2"), ("name:Loop", "/dev/video10"),
            ("/dev/video2", "/dev/video2"),
        ])
    func camera(name: String, node: String) throws {
        let device = try FakeDesk().system.cameraLocator.locate(name)
        #expect(device.path == node)
        #expect((device.warning != nil) == name.hasPrefix("/dev/video"))
        #expect(!device.label.isEmpty)
    }

    @Test(
        "a numbered node is warned of, with the name to write instead", .timeLimit(.minutes(5)),
        arguments: [("/dev/video0", link), ("/dev/video2", "usb:046d:082c"), ("/dev/video10", "name:Loop")])
    func numbered(node: String, stable: String) throws {
        let warning = try #require(try FakeDesk().system.cameraLocator.locate(node).warning)
        #expect(warning.contains("\"\(stable)\""), "\(warning)")
    }

    @Test(
        "what is not there is absent, and what can be no camera is said to be none", .timeLimit(.minutes(5)),
        arguments: [
            ("none", DeviceError.Code.absent), ("/dev/video7", .absent), ("/dev/v4l/by-id/gone", .absent), ("usb:046d:0827", .absent),
            ("usb:046d:0826:E3A2", .absent), ("name:Front", .absent), ("name:HD Webcam", .unsupported),
            ("/proc/asound/card1/pcm0c/info", .unsupported), ("webcam", .badName),
        ])
    func notFound(name: String, code: DeviceError.Code) throws {
        let error = try #require(throws: DeviceError.self) { try FakeDesk().system.cameraLocator.locate(name) }
        #expect(error.code == code, "\(error)")
    }

    @Test("metadata nodes are skipped, wherever their numbers put them", .timeLimit(.minutes(5)))
    func metadataFirst() throws {
        var desk = FakeDesk()
        desk.cameras.surveys["/dev/video0"]?.identity.isCapture = false
        desk.cameras.surveys["/dev/video1"]?.identity.isCapture = true
        for name in ["auto", "usb:046d:0826", "name:HD Webcam C525"] {
            #expect(try desk.system.cameraLocator.locate(name).path == "/dev/video1", "\(name)")
        }
    }

    @Test("a node that cannot be asked stands back; where there is no other, opening it must tell why", .timeLimit(.minutes(5)))
    func denied() throws {
        var desk = FakeDesk()
        desk.deny("/dev/video0")
        #expect(try desk.system.cameraLocator.locate("auto").path == "/dev/video2")
        desk.deny("/dev/video1", "/dev/video2", "/dev/video10")
        #expect(try desk.system.cameraLocator.locate("auto").path == "/dev/video0")
        #expect(try desk.system.cameraLocator.locate("usb:046d:0826").path == "/dev/video0")
    }

    @Test("a link is followed anew each time", .timeLimit(.minutes(5)))
    func renumbered() throws {
        var desk = FakeDesk()
        desk.tree.links[Self.link] = "../../video2"
        #expect(try desk.system.cameraLocator.locate(Self.link).path == "/dev/video2")
    }

    @Test(
        "a microphone is found under each of its names", .timeLimit(.minutes(5)),
        arguments: [
            ("auto", "plughw:CARD=C525,DEV=0"), ("card:C615", "plughw:CARD=C615,DEV=0"), ("card:HD Webcam C615", "plughw:CARD=C615,DEV=0"),
            ("card:Loopback", "plughw:CARD=Loopback,DEV=0"), ("usb:046d:082c", "plughw:CARD=C615,DEV=0"), ("default", "default"),
            ("hw:CARD=C525,DEV=0", "hw:CARD=C525,DEV=0"), ("hw:2,0", "hw:2,0"), ("hw:9", "hw:9"),
        ])
    func microphone(name: String, pcm: String) throws {
        let device = try FakeDesk().system.microphoneLocator.locate(name)
        #expect(device.path == pcm)
        #expect((device.warning?.contains("\"usb:046d:0826:E3A1\"") ?? false) == (name == "hw:2,0"), "\(device)")
    }

    @Test("a loopback card is taken when there is no other", .timeLimit(.minutes(5)))
    func loopback() throws {
        var desk = FakeDesk()
        for card in [2, 3] {
            desk.tree.nodes["/dev/snd/pcmC\(card)D0c"] = nil
            desk.tree.links["/sys/class/sound/pcmC\(card)D0c"] = nil
        }
        #expect(try desk.system.microphoneLocator.locate("auto").path == "plughw:CARD=Loopback,DEV=0")
    }

    @Test(
        "a card that cannot capture is absent", .timeLimit(.minutes(5)),
        arguments: ["card:HDMI", "card:none such", "usb:1234:5678", "none"])
    func noMicrophone(name: String) throws {
        let error = try #require(throws: DeviceError.self) { try FakeDesk().system.microphoneLocator.locate(name) }
        #expect(error.code == .absent)
    }

    @Test("busy is explained with the holder, denied with the group that is missing", .timeLimit(.minutes(5)))
    func explained() throws {
        var desk = FakeDesk()
        desk.tree.addProcess(412, "zoom", ["/dev/null", "/dev/video0"])
        desk.tree.files["/proc/asound/card2/pcm0c/sub0/status"] = "state: RUNNING\nowner_pid   : 413\n"
        desk.tree.files["/proc/413/comm"] = "arecord\n"
        desk.deny("/dev/video2", "/dev/snd/pcmC3D0c")
        let cameras = desk.system.cameraLocator
        let microphones = desk.system.microphoneLocator
        func explain(_ locator: some DeviceLocator, _ path: String, _ code: DeviceError.Code) -> DeviceError {
            locator.explain(DeviceError(code, device: path, "open"), LocatedDevice(path: path, label: "it"))
        }
        #expect(explain(cameras, Self.link, .busy).message == "open; held by zoom (process 412)")
        #expect(explain(cameras, "/dev/video2", .busy).message.contains("fuser -v /dev/video2"))
        #expect(explain(cameras, "/dev/video2", .denied).message.contains("sudo usermod -aG video ada"))
        #expect(explain(cameras, "/dev/video2", .failed(errno: 5)).message == "open")
        #expect(explain(microphones, "plughw:CARD=C525,DEV=0", .busy).message == "open; held by arecord (process 413)")
        #expect(explain(microphones, "hw:3,0", .denied).message.contains("sudo usermod -aG audio ada"))
        #expect(explain(microphones, "pipewire", .busy).message == "open")
        // alsa-lib calls a card absent that it must not open.
        let hidden = explain(microphones, "plughw:CARD=C615,DEV=0", .absent)
        #expect(hidden.code == .denied && hidden.message.contains("group audio"))
        #expect(explain(microphones, "plughw:CARD=C525,DEV=0", .absent).code == .absent)
    }
}
