import AuralCapture
import AuralTesting
import Testing

@Suite struct DeviceHolderTests {
    @Test("holders are found by the node's name and, under other names, by its number; we ourselves are none", .timeLimit(.minutes(5)))
    func holders() {
        var tree = FakeDeviceTree()
        tree.addNode("/dev/video0", number: 99)
        tree.addNode("/dev/in-a-container", number: 99)
        tree.addNode("/dev/video1", number: 100)
        tree.addProcess(3, "other", ["/dev/video1", "/etc/passwd"])
        tree.addProcess(20, "named", ["/dev/null", "/dev/video0"])
        tree.addProcess(9, "container", ["/dev/in-a-container"])
        tree.addProcess(10, "we", ["/dev/video0"])
        tree.links["/proc/21/fd/3"] = "/dev/video0"
        tree.files["/proc/version"] = "Linux"
        let found = HolderFinder(tree, ownProcess: 10).holders(of: "/dev/video0")
        #expect(found == [Holder(process: 9, name: "container"), Holder(process: 20, name: "named"), Holder(process: 21, name: "")])
        #expect(HolderFinder.text(found, node: "/dev/video0") == "held by container (process 9), named (process 20), process 21")
        #expect(HolderFinder(tree, ownProcess: nil).holders(of: "/dev/none") == [])
        #expect(HolderFinder.text([], node: "/dev/video0").contains("fuser -v /dev/video0"))
    }

    private static let service = Credentials(user: 61_000, userName: "aurald", groups: [61_000, 29], isService: true)
    private static let person = Credentials(user: 1000, userName: "ada", groups: [1000, 29], isService: false)

    @Test(
        "the advice for a denied node fits who is denied and why", .timeLimit(.minutes(5)),
        arguments: [
            (person, 0o660 as UInt32, 44 as UInt32, "sudo usermod -aG video ada"),
            (service, 0o660, 44, "SupplementaryGroups=video"),
            (person, 0o600, 44, "udev rule: MODE=\"0660\", GROUP=\"video\""),
            (person, 0o640, 29, "udev rule: MODE=\"0660\", GROUP=\"audio\""),
            (person, 0o660, 0, "udev rule like GROUP=\"video\""),
            (service, 0o660, 29, "DeviceAllow=char-video4linux rw"),
            (service, 0o666, 44, "DeviceAllow=char-video4linux rw"),
            (Credentials(user: 0, userName: "root", groups: [0], isService: false), 0o660, 44, "a sandbox forbids it"),
        ])
    func advice(credentials: Credentials, mode: UInt32, group: UInt32, remedy: String) {
        let advice = GroupAdvice(credentials) { $0 == 44 ? "video" : $0 == 29 ? "audio" : "root" }
        let status = NodeStatus(kind: .device(1), mode: mode, owner: 0, group: group)
        let text = advice.text("/dev/video0", status, deviceClass: "char-video4linux")
        #expect(text.contains(remedy), "\(text)")
        #expect(text.hasPrefix("/dev/video0 has mode \(String(mode, radix: 8)) and group "))
    }

    @Test("a node that cannot be looked at is said to be so", .timeLimit(.minutes(5)))
    func unseen() {
        #expect(GroupAdvice(Self.person).text("/dev/x", nil, deviceClass: "char-alsa").contains("cannot be looked at"))
    }

    @Test("the real tree reads links, nodes and files, and answers nil for what is not there", .timeLimit(.minutes(5)))
    func realTree() throws {
        let tree = SystemDeviceTree()
        #expect(tree.names(in: "/dev")?.contains("null") == true && tree.names(in: "/dev/null") == nil)
        guard case .device = try #require(tree.status(of: "/dev/null")).kind else { throw NoDevice() }
        #expect(tree.status(of: "/dev")?.kind == .folder && tree.status(of: "/none") == nil)
        #expect(tree.resolved("/dev/../dev/./null") == "/dev/null" && tree.resolved("/none") == nil)
        #expect(tree.target(of: "/proc/self/exe")?.hasPrefix("/") == true && tree.target(of: "/dev/null") == nil)
        #expect(tree.contents(of: "/proc/self/status")?.contains("Pid:") == true && tree.contents(of: "/none") == nil)
        #expect(tree.contents(of: "/dev/zero")?.utf8.count == 65_536)
        #expect(tree.mayOpen("/dev/null") && !tree.mayOpen("/none"))
    }

    private struct NoDevice: Error {}
}
