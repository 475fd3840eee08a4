import AuralCapture
import AuralCore
import Testing

@Suite struct DeviceNameTests {
    @Test(
        "a camera's name is read", .timeLimit(.minutes(5)),
        arguments: [
            ("auto", CameraName.automatic), ("none", .none), ("/dev/video2", .path("/dev/video2")),
            ("/dev/v4l/by-id/usb-a-index0", .path("/dev/v4l/by-id/usb-a-index0")),
            ("usb:046d:082D", .usb(USBIdentity(vendor: 0x046d, product: 0x082d))),
            ("usb:046d:082d:A:B", .usb(USBIdentity(vendor: 0x046d, product: 0x082d, serial: "A:B"))),
            ("name:HD Webcam: front", .card("HD Webcam: front")),
        ])
    func camera(text: String, name: CameraName) throws {
        #expect(try CameraName(text) == name)
    }

    @Test(
        "what is no camera's name is refused, and the message says what is one", .timeLimit(.minutes(5)),
        arguments: [
            "", "/", "/dev/\0video", "video0", "Auto", "none ", "usb", "usb:", "usb:46d:82d", "usb:046d", "usb:046d:082g", "usb:046d:082d:",
            "usb:0046d:082d", "usb:+46d:082d", "usb:٠٤٦٩:082d", "name:", "card:C525", "hw:0,0",
        ])
    func notCamera(text: String) throws {
        let error = try #require(throws: DeviceError.self) { try CameraName(text) }
        #expect(error.code == .badName && error.exitStatus == .configuration && error.device == text)
        #expect(error.message.contains("usb:VID:PID"))
    }

    @Test(
        "a microphone's name is read", .timeLimit(.minutes(5)),
        arguments: [
            ("auto", MicrophoneName.automatic), ("none", .none), ("card:Webcam", .card("Webcam")), ("default", .pcm("default")),
            ("hw:1,0", .pcm("hw:1,0")), ("usb:0d8c:0014", .usb(USBIdentity(vendor: 0x0d8c, product: 0x14))), ("pipewire", .pcm("pipewire")),
        ])
    func microphone(text: String, name: MicrophoneName) throws {
        #expect(try MicrophoneName(text) == name)
    }

    @Test("what is no microphone's name is refused", .timeLimit(.minutes(5)), arguments: ["", "card:", "/dev/snd/pcmC0D0c", "usb:1:2", "hw\0"])
    func notMicrophone(text: String) throws {
        let error = try #require(throws: DeviceError.self) { try MicrophoneName(text) }
        #expect(error.code == .badName && error.exitStatus == .configuration)
    }

    @Test("no text does any harm, and a USB name that is read is written as it was", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seed: 7)
        let pieces = ["usb:", "name:", "card:", "/dev/", "046d", "FFFF", ":", "é", "\0", "auto", " ", "hw:", "ffff:"]
        var readings = 0
        for _ in 0..<20_000 {
            let start = Bool.random(using: &random) ? "usb:046d:" : ""
            let text = start + (0..<Int.random(in: 0..<6, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            if case .usb(let identity)? = try? CameraName(text) {
                readings += 1
                #expect(text.hasPrefix(identity.description) || text.lowercased().hasPrefix(identity.description.lowercased()))
            }
            _ = try? MicrophoneName(text)
        }
        #expect(readings > 20)
    }

    @Test("a name without a serial number means any device, one with it only that", .timeLimit(.minutes(5)))
    func means() {
        let any = USBIdentity(vendor: 1, product: 2)
        let one = USBIdentity(vendor: 1, product: 2, serial: "x")
        #expect(any.means(one) && any.means(any) && one.means(one))
        #expect(!one.means(any) && !one.means(USBIdentity(vendor: 1, product: 2, serial: "y")) && !any.means(USBIdentity(vendor: 1, product: 3)))
        #expect(USBIdentity(vendor: 0xa, product: 0x1b, serial: "S").description == "usb:000a:001b:S")
    }
}
