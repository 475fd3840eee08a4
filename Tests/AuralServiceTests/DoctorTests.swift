import AuralCapture
import AuralCore
import AuralInference
import AuralTesting
import Foundation
import Glibc
import Testing

@testable import AuralService

@Suite struct DoctorTests {
    /// A machine on which all is well.
    private static func facts(_ change: (inout DoctorFacts) -> Void = { _ in }) -> DoctorFacts {
        let desk = FakeDesk()
        var facts = DoctorFacts(
            file: "/etc/aurald/aurald.toml", configuration: .success(Configuration()), camera: camera("auto", desk),
            microphone: microphone("auto", desk), pcm: nil,
            engine: .success(.init(summary: "OpenVINO 1 CPU", capabilities: ["FP32", "BF16"])),
            bundle: .success(.init(name: "tiny at 256 px", isTrained: true)), socket: .daemon(version: "1.2.3"), clockResolution: 1,
            bootID: "an-id", credentials: Credentials(user: 999, userName: "aurald", groups: [999], isService: true), cores: 4)
        change(&facts)
        return facts
    }

    private static func camera(_ name: String, _ desk: FakeDesk) -> DoctorFacts.Device<CameraEntry> {
        .init(
            name: name, located: locate(desk.system.cameraLocator, name), entries: desk.system.cameras.entries(),
            absence: DeviceAbsence.camera(desk.tree))
    }

    private static func microphone(_ name: String, _ desk: FakeDesk) -> DoctorFacts.Device<SoundEntry> {
        .init(
            name: name, located: locate(desk.system.microphoneLocator, name), entries: desk.system.sounds.entries(),
            absence: DeviceAbsence.sound(desk.tree))
    }

    private static func locate(_ locator: some DeviceLocator, _ name: String) -> Result<LocatedDevice, DeviceError> {
        do throws(DeviceError) { return .success(try locator.locate(name)) } catch { return .failure(error) }
    }

    private static func desk(_ change: (inout FakeDesk) -> Void) -> FakeDesk {
        var desk = FakeDesk()
        change(&desk)
        return desk
    }

    @Test("where all is well every check is ok, in the order of the daemon's start", .timeLimit(.minutes(5)))
    func well() {
        let report = Doctor.report(Self.facts())
        #expect(report.verdict == .ok && report.findings.allSatisfy { $0.verdict == .ok && $0.advice == nil }, "\(report.text)")
        #expect(
            report.findings.map(\.check) == [
                "configuration", "user", "camera", "microphone", "engine", "threads", "model", "socket", "clock", "boot id",
            ])
        #expect(report.text.hasSuffix("\n10 ok, 0 to look at, 0 failed\n"))
    }

    /// A check, what is wrong with the machine, the verdict, and what the line and the advice must name.
    private struct Case: Sendable {
        let check: String
        let verdict: DoctorFinding.Verdict
        let words: [String]
        let change: @Sendable (inout DoctorFacts) -> Void

        init(_ check: String, _ verdict: DoctorFinding.Verdict, _ words: String..., change: @escaping @Sendable (inout DoctorFacts) -> Void) {
            self.check = check
            self.verdict = verdict
            self.words = words
            self.change = change
        }
    }

    private static let cases: [Case] = [
        Case("configuration", .failed, "gone.toml", "--config") {
            $0.configuration = .failure(ConfigurationError(file: "gone.toml", message: "cannot be read", exitStatus: .noInput))
        },
        Case("configuration", .failed, "a.toml:3", "correct the file") {
            $0.configuration = .failure(ConfigurationError(file: "a.toml", line: 3, message: "broken"))
        },
        Case("user", .warning, "root may open devices", "systemd-run") {
            $0.credentials = Credentials(user: 0, userName: "root", groups: [0], isService: false)
        },
        Case("user", .ok, "ada (1000), not as a service") {
            $0.credentials = Credentials(user: 1000, userName: "ada", groups: [], isService: false)
        },
        Case("camera", .failed, "no /dev/video*", "camera.device to \"none\"") {
            var nothing = FakeDesk()
            nothing.tree = FakeDeviceTree()
            $0.camera = camera("auto", nothing)
        },
        Case("camera", .ok, "switched off") { $0.camera = camera("none", FakeDesk()) },
        Case("camera", .failed, "usb:1234:5678", "aurald devices") { $0.camera = camera("usb:1234:5678", FakeDesk()) },
        Case("camera", .failed, "is not a camera's name", "aurald devices") { $0.camera = camera("webcam", FakeDesk()) },
        Case("camera", .failed, "in use, held by zoom (process 8)", "end that program") {
            $0.camera = camera(
                "auto",
                desk {
                    $0.cameras.surveys["/dev/video0"]?.isBusy = true
                    $0.tree.addProcess(8, "zoom", ["/dev/video0"])
                })
        },
        Case("camera", .ok, "held by aurald (process 8)") {
            $0.camera = camera(
                "auto",
                desk {
                    $0.cameras.surveys["/dev/video0"]?.isBusy = true
                    $0.tree.addProcess(8, "aurald", ["/dev/video0"])
                })
        },
        Case("camera", .failed, "permission denied", "usermod -aG video ada") {
            $0.camera = camera("usb:046d:0826", desk { $0.deny("/dev/video0", "/dev/video1") })
        },
        Case("camera", .failed, "HD Webcam C525", "fails", "journalctl -k") {
            $0.camera = camera("usb:046d:0826", desk { $0.cameras.failures = ["/dev/video0": .failed(errno: 5), "/dev/video1": .gone] })
        },
        Case("camera", .failed, "gives no pictures", "aurald devices") { $0.camera = camera("/dev/video1", FakeDesk()) },
        Case("camera", .warning, "no formats now", "plays into it") { $0.camera = camera("name:Loop", FakeDesk()) },
        Case("camera", .warning, "must convert: H264", "higher load") {
            $0.camera = camera(
                "auto", desk { $0.cameras.surveys["/dev/video0"]?.formats = [CameraFormat(code: "H264", name: "", sizes: [])] })
        },
        Case("camera", .warning, "HD Webcam C615 at /dev/video2", "write \"usb:046d:082c\"") { $0.camera = camera("/dev/video2", FakeDesk()) },
        Case("microphone", .failed, "there is no sound card", "microphone.device to \"none\"") {
            var nothing = FakeDesk()
            nothing.tree = FakeDeviceTree()
            $0.microphone = microphone("auto", nothing)
        },
        Case("microphone", .failed, "card:HDMI", "aurald devices") { $0.microphone = microphone("card:HDMI", FakeDesk()) },
        Case("microphone", .failed, "in use, held by arecord (process 9)") {
            $0.microphone = microphone(
                "auto",
                desk {
                    $0.sounds.failures = ["2,0": .busy]
                    $0.tree.addProcess(9, "arecord", ["/dev/snd/pcmC2D0c"])
                })
        },
        Case("microphone", .failed, "permission denied", "usermod -aG audio ada") {
            $0.microphone = microphone("card:C615", desk { $0.deny("/dev/snd/pcmC3D0c") })
        },
        Case("microphone", .warning, "hw:2,0", "usb:046d:0826:E3A1") { $0.microphone = microphone("hw:2,0", FakeDesk()) },
        Case("microphone", .ok, "the ALSA PCM default can be opened") {
            $0.microphone = microphone("default", FakeDesk())
            $0.pcm = .success(())
        },
        Case("microphone", .failed, "default: no", "XDG_RUNTIME_DIR") {
            $0.microphone = microphone("default", FakeDesk())
            $0.pcm = .failure(DeviceError(.absent, device: "default", "no"))
        },
        Case("microphone", .ok, "Loopback") { $0.microphone = microphone("card:Loopback", FakeDesk()) },
        Case("microphone", .warning, "hears only what is played into it", "plug a microphone in") {
            $0.microphone = microphone(
                "auto",
                desk {
                    for card in [2, 3] {
                        $0.tree.nodes["/dev/snd/pcmC\(card)D0c"] = nil
                        $0.tree.links["/sys/class/sound/pcmC\(card)D0c"] = nil
                    }
                })
        },
        Case("engine", .failed, "no plugin", "tools/setup") { $0.engine = .failure(EngineError("no plugin")) },
        Case("engine", .failed, "no bfloat16", "model.precision to \"f32\"") {
            $0.engine = .success(.init(summary: "OpenVINO", capabilities: ["FP32"]))
            var configuration = Configuration()
            configuration.model.precision = .bf16
            $0.configuration = .success(configuration)
        },
        Case("engine", .ok, "OpenVINO, f32") { $0.engine = .success(.init(summary: "OpenVINO", capabilities: ["FP32"])) },
        Case("engine", .ok, "model.precision = \"bf16\" is faster") { _ in },
        Case("threads", .warning, "8 on 4 cores", "model.threads to 4") {
            var configuration = Configuration()
            configuration.model.threads = 8
            $0.configuration = .success(configuration)
        },
        Case("model", .failed, "sha256 is not the one", "aurald import --output /var/lib/aurald/model") {
            $0.bundle = .failure(BundleError("sha256 is not the one"))
        },
        Case("model", .warning, "nobody trained these weights", "aurald import --sam2") {
            $0.bundle = .success(.init(name: "tiny at 256 px", isTrained: false))
        },
        Case("socket", .ok, "aurald 1.2.3 answers") { _ in },
        Case("socket", .ok, "can be made") { $0.socket = .vacant },
        Case("socket", .ok, "the next one replaces it") { $0.socket = .stale },
        Case("socket", .warning, "make files in /run", "aurald.socket") { $0.socket = .folderIsReadOnly("/run") },
        Case("socket", .failed, "/run does not exist", "make it") { $0.socket = .noFolder("/run") },
        Case("socket", .failed, "must not connect", "usermod -aG GROUP USER") { $0.socket = .denied },
        Case("socket", .failed, "is no socket", "remove it") { $0.socket = .occupied },
        Case("socket", .failed, "says nothing", "ss -xlp") { $0.socket = .strange("it says nothing") },
        Case("socket", .failed, "too long", "choose another") { $0.socket = .impossible("too long") },
        Case("clock", .warning, "4000000 ns", "CONFIG_HIGH_RES_TIMERS") { $0.clockResolution = 4_000_000 },
        Case("boot id", .warning, "boot_id cannot be read", "ProcSubset=pid") { $0.bootID = nil },
    ]

    @Test("each thing that is wrong is one finding, with what to do", .timeLimit(.minutes(5)))
    func findings() throws {
        for example in Self.cases {
            let report = Doctor.report(Self.facts(example.change))
            let finding = try #require(report.findings.first { $0.check == example.check })
            #expect(finding.verdict == example.verdict, "\(finding)")
            #expect((finding.advice == nil) == (finding.verdict == .ok), "\(finding)")
            for word in example.words { #expect("\(finding.message) \(finding.advice ?? "")".contains(word), "\(word) in \(finding)") }
            #expect(!"\(finding.message)\(finding.advice ?? "")".contains("\n"))
            // Nothing else is touched by it.
            let others = report.findings.filter { $0.check != example.check && $0.verdict != .ok }
            #expect(others.isEmpty, "\(others)")
            #expect(report.verdict == example.verdict)
        }
    }

    @Test("the JSON has every finding with its verdict, and the worst one", .timeLimit(.minutes(5)))
    func json() throws {
        let report = Doctor.report(Self.facts { $0.bootID = nil })
        let document = try #require(try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        let findings = try #require(document["findings"] as? [[String: String]])
        #expect(document["verdict"] as? String == "warning" && findings.count == report.findings.count)
        #expect(findings.last?["check"] == "boot id" && findings.last?["advice"] != nil && findings.first?["advice"] == nil)
    }

    @Test("what is at a socket's path is found out", .timeLimit(.minutes(5)))
    func sockets() async throws {
        let folder = "/tmp/aural-doctor-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let examination = SocketExamination(SystemDeviceTree())
        #expect(await examination.state(of: "\(folder)/s") == .vacant)
        #expect(await examination.state(of: "\(folder)/none/s") == .noFolder("\(folder)/none"))
        try Data().write(to: URL(filePath: "\(folder)/file"))
        #expect(await examination.state(of: "\(folder)/file") == .occupied)
        guard case .impossible = await examination.state(of: "/" + String(repeating: "x", count: 200)) else {
            Issue.record("a path of 201 bytes is possible")
            return
        }
        let socket = try ListeningSocket(path: "\(folder)/s", mode: 0o600)
        // It listens, and nobody accepts.
        #expect(await examination.state(of: "\(folder)/s") == .strange("what listens there says nothing within 2 seconds"))
        close(socket.descriptor)
        #expect(await examination.state(of: "\(folder)/s") == .stale)
    }
}
