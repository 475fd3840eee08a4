import AuralCapture
import AuralTesting
import Foundation
import Testing

@Suite struct DeviceCatalogueTests {
    @Test("cameras are listed by number with all their names; metadata nodes are not", .timeLimit(.minutes(5)))
    func cameras() {
        let entries = FakeDesk().system.cameras.entries()
        #expect(entries.map(\.node) == ["/dev/video0", "/dev/video2", "/dev/video10"])
        let first = entries[0]
        #expect(first.byID == "/dev/v4l/by-id/usb-046d_HD_Webcam_C525_E3A1-video-index0" && first.byPath == nil)
        #expect(first.usb?.description == "usb:046d:0826:E3A1" && first.driver == "uvcvideo" && first.access == .free)
        #expect(entries.map { $0.stableName(among: entries) } == [first.byID, "usb:046d:082c", "name:Loop"])
    }

    @Test("two cameras of a kind are told apart by their path, and only then by their number", .timeLimit(.minutes(5)))
    func twins() {
        var desk = FakeDesk()
        desk.tree.files["/sys/devices/pci0000:00/usb1/1-3/idProduct"] = "0826\n"
        desk.tree.files["/sys/devices/pci0000:00/usb1/1-2/serial"] = nil
        desk.tree.links = desk.tree.links.filter { !$0.key.contains("by-id") }
        for (node, port) in [(0, 2), (2, 3)] {
            desk.tree.files["/sys/devices/pci0000:00/usb1/1-\(port)/1-\(port):1.0/video4linux/video\(node)/name"] = "HD"
        }
        let entries = desk.system.cameras.entries()
        #expect(entries[0].stableName(among: entries) == "/dev/video0")
        #expect(entries[1].stableName(among: entries) == "/dev/v4l/by-path/pci-0000:00:14.0-usb-0:3:1.0-video-index0")
    }

    @Test("busy names the holders, denied what to do, and a broken one why", .timeLimit(.minutes(5)))
    func access() throws {
        var desk = FakeDesk()
        desk.cameras.surveys["/dev/video0"]?.isBusy = true
        desk.tree.addProcess(77, "cheese", ["/dev/video0"])
        desk.deny("/dev/video1", "/dev/video2")
        desk.cameras.failures["/dev/video10"] = .failed(errno: 5)
        let entries = desk.system.cameras.entries()
        #expect(entries.map(\.node) == ["/dev/video0", "/dev/video2", "/dev/video10"])
        #expect(entries[0].access == .busy([Holder(process: 77, name: "cheese")]))
        guard case .denied(let advice) = entries[1].access else { throw Unexpected(text: "\(entries[1].access)") }
        #expect(advice.contains("mode 660 and group video") && advice.contains("usermod -aG video ada"))
        #expect(entries[2].access == .failed("fails"))
        #expect(entries[1].isCapture == nil && entries[1].title == "HD Webcam C615")
    }

    @Test("sound cards that capture are listed with their devices, playback and HDMI are not", .timeLimit(.minutes(5)))
    func sounds() {
        var desk = FakeDesk()
        desk.tree.addNode("/dev/snd/pcmC2D0p", number: 1)
        let entries = desk.system.sounds.entries()
        #expect(entries.map(\.pcm) == ["Loopback,DEV=0", "Loopback,DEV=1", "C525,DEV=0", "C615,DEV=0"].map { "plughw:CARD=\($0)" })
        #expect(entries.map(\.isLoopback) == [true, true, false, false])
        #expect(
            entries.map { $0.stableName(among: entries) } == [
                "card:Loopback", "plughw:CARD=Loopback,DEV=1", "usb:046d:0826:E3A1", "usb:046d:082c",
            ])
        #expect(entries[2].name == "HD Webcam C525" && entries[2].deviceName == "HD Webcam C525 PCM" && entries[2].subdevices == 1)
        #expect(entries.allSatisfy { $0.access == .free && $0.survey != nil })
    }

    @Test("a sound card is busy, denied or broken, whatever alsa-lib calls it", .timeLimit(.minutes(5)))
    func soundAccess() throws {
        var desk = FakeDesk()
        desk.sounds.failures = ["2,0": .busy, "1,0": .failed(errno: 5)]
        desk.tree.addProcess(5, "pipewire", ["/dev/snd/pcmC2D0c"])
        desk.deny("/dev/snd/controlC3")
        let entries = desk.system.sounds.entries()
        #expect(entries[0].access == .failed("fails"))
        #expect(entries[2].access == .busy([Holder(process: 5, name: "pipewire")]))
        guard case .denied(let advice) = entries[3].access else { throw Unexpected(text: "\(entries[3].access)") }
        #expect(advice.contains("usermod -aG audio ada") && entries[3].survey == nil && entries[3].name == "C615")
    }

    @Test("the report is one document with every field in snake case", .timeLimit(.minutes(5)))
    func json() throws {
        let text = try DevicesReport(FakeDesk().system).json()
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(Set(document.keys) == ["cameras", "microphones", "notes", "configuration"])
        let camera = try #require((document["cameras"] as? [[String: Any]])?.first)
        #expect(camera["by_id"] as? String == camera["device"] as? String && camera["access"] as? String == "free")
        #expect((camera["recommended"] as? [String: Any])?["width"] as? Int == 640)
        let microphones = try #require(document["microphones"] as? [[String: Any]])
        #expect(microphones.count == 4 && microphones[2]["min_rate"] as? Int == 8000 && microphones[0]["loopback"] as? Bool == true)
    }

    @Test("the text has a block for each device and lines to paste", .timeLimit(.minutes(5)))
    func text() {
        var desk = FakeDesk()
        desk.cameras.surveys["/dev/video2"]?.isBusy = true
        let text = DevicesReport(desk.system).text
        #expect(text.contains("  modes     YUYV: 640x480 to 30 fps, 1280x720 to 10 fps\n"))
        #expect(text.contains("  state     busy: held by a program that this user cannot see"))
        #expect(text.contains("  modes     S16_LE, 8000 16000 48000 Hz, 1 to 2 channels\n"))
        #expect(text.contains("no picture") == false && text.contains("none: a loopback device has some once"))
        let configuration = """
            [camera]
            device = "/dev/v4l/by-id/usb-046d_HD_Webcam_C525_E3A1-video-index0"
            width = 640
            height = 480
            rate = 30.0
            format = "yuyv"

            [microphone]
            device = "usb:046d:0826:E3A1"
            rate = 48000
            channels = 2

            """
        #expect(text.hasSuffix(configuration))
    }

    @Test("an odd name cannot break out of its string in the configuration", .timeLimit(.minutes(5)))
    func quoting() {
        var desk = FakeDesk()
        desk.tree.links = desk.tree.links.filter { !$0.key.hasPrefix("/dev/v4l") && !$0.key.hasSuffix("video0/device") }
        desk.tree.files["/sys/devices/pci0000:00/usb1/1-2/1-2:1.0/video4linux/video0/name"] = "a\"b\\c\u{1}\n"
        #expect(DevicesReport(desk.system).configuration.contains("device = \"name:a\\\"b\\\\c\\u0001\"\n"))
    }

    @Test("where there is nothing the report says what was looked for, and what the kernel has", .timeLimit(.minutes(5)))
    func nothing() {
        var tree = FakeDeviceTree()
        func notes() -> [String] {
            let report = DevicesReport(DeviceSystem(tree: tree, cameraProbe: FakeCameraProbe(), soundProbe: FakeSoundProbe()))
            #expect(report.isEmpty && report.configuration.isEmpty && report.text == report.notes.joined(separator: "\n") + "\n")
            return report.notes
        }
        #expect(notes()[0].contains("no /dev/video*") && notes()[1].contains("there is no sound card"))
        tree.files["/sys/class/video4linux/video0/name"] = "hidden"
        tree.files["/sys/class/sound/card0/id"] = "HDMI\n"
        #expect(notes()[0].contains("a sandbox hides it") && notes()[1].contains("HDMI can play, but not capture"))
        tree.addNode("/dev/video0", number: 1)
        #expect(notes()[0].contains("/dev/video0 is there, but none gives pictures"))
    }

    private struct Unexpected: Error { let text: String }
}
