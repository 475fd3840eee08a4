import AuralCore
import AuralWire
import Glibc
import Logging
import Testing

@testable import AuralService

@Suite struct AccessTests {
    private static let clients = ClientGroup(name: "aurald-clients", identifier: 990)
    private static let policy = AccessPolicy(owner: 61_184, group: clients)

    @Test(
        "root, the daemon's own user and the group's members may change things; nobody else",
        arguments: [
            (PeerCredentials(process: 1, user: 0, group: 0), true), (.init(process: 1, user: 61_184, group: 61_184), true),
            (.init(process: 1, user: 1000, group: 990), true), (.init(process: 1, user: 1000, group: 1000, groups: [27, 990]), true),
            (.init(process: 1, user: 1000, group: 1000, groups: [27, 991]), false), (.init(process: 1, user: 1000, group: 0), false),
            (.init(process: 1, user: 990, group: 1000), false), (nil, false),
        ])
    func members(peer: PeerCredentials?, may: Bool) {
        #expect(Self.policy.mayChange(peer) == may)
        // Without the group only root and the owner are left.
        let isOwner = peer.map { $0.user == 0 || $0.user == 61_184 } ?? false
        for group in [nil, ClientGroup(name: "aurald-clients", identifier: nil)] {
            #expect(AccessPolicy(owner: 61_184, group: group).mayChange(peer) == isOwner)
        }
    }

    @Test("every verb that changes what all clients see needs permission; watching and asking do not")
    func verbs() throws {
        let bodies: [(String, Bool)] = [
            (#"{"verb":"add_box","object_id":0,"box":[0,0,1,1]}"#, true), (#"{"verb":"remove_object","object_id":0}"#, true),
            (#"{"verb":"reset"}"#, true), (#"{"verb":"set_expression","expression":"the dog"}"#, true),
            (#"{"verb":"set_expression","expression":null}"#, true), (#"{"verb":"status"}"#, false),
            (#"{"verb":"subscribe","want":["instance"]}"#, false),
        ]
        for (line, changes) in bodies { #expect(try RequestParser.parse(Array(line.utf8)).get().changesTracking == changes, "\(line)") }
    }

    @Test("who is refused is told which group to join, or why that would not help")
    func refusals() {
        let peer = PeerCredentials(process: 1, user: 1000, group: 1000)
        let refusal = Self.policy.refusal(of: .addPoints, to: peer, id: 7)
        #expect(refusal.code == .notPermitted && refusal.id == 7 && refusal.exitStatus == .noPermission)
        #expect(refusal.message.hasPrefix("add_points: user 1000 may watch") && refusal.message.contains("usermod -aG aurald-clients USER"))
        let missing = AccessPolicy(owner: 5, group: ClientGroup(name: "none", identifier: nil)).refusal(of: .reset, to: peer, id: nil)
        #expect(missing.message.hasSuffix("only root and user 5 may, since this machine has no group none"))
        #expect(AccessPolicy(owner: 5).refusal(of: .reset, to: nil, id: nil).message.hasSuffix("nothing; only root and user 5 may"))
    }

    @Test("a group is found by its name, and one that is missing is said once in the log")
    func groups() {
        #expect(ClientGroup(named: "root").identifier == 0)
        let sink = LineSink()
        let missing = AccessPolicy.resolved(groupNamed: "no such group", owner: 5, logger: sink.logger())
        #expect(missing.group == ClientGroup(name: "no such group", identifier: nil))
        #expect(sink.lines.count == 1 && sink.lines.first?.hasPrefix("<4>there is no such group") == true, "\(sink.lines)")
        #expect(AccessPolicy.resolved(groupNamed: "root", owner: 5, logger: sink.logger()).group?.identifier == 0)
        #expect(AccessPolicy.resolved(groupNamed: "", owner: 5, logger: sink.logger()).group == nil)
        #expect(sink.lines.count == 1)
    }

    @Test("the kernel tells who is at the other end, with all groups")
    func credentials() throws {
        var ends: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        var groups = [gid_t](repeating: 0, count: 65_536)
        let count = getgroups(65_536, &groups)
        let own = PeerCredentials(process: getpid(), user: geteuid(), group: getegid(), groups: Array(groups.prefix(Int(count))))
        #expect(PeerCredentials.read(descriptor: ends[0]) == own)
        #expect(PeerCredentials.read(descriptor: -1) == nil)
    }

    @Test("a client's user and group are in the log when it connects", .timeLimit(.minutes(5)))
    func log() async throws {
        try await ServerFixture.withFolder { folder in
            let (sink, hub) = (LineSink(), Hub())
            let server = SocketServer(
                settings: .init(path: "\(folder)/s"), identity: ServerIdentity(version: "test", source: "replay"), hub: hub,
                handler: RecordingHandler(hub: hub), logger: sink.logger())
            let path = try await server.start()
            #expect(path == "\(folder)/s")
            let client = try RawClient(path: path)
            #expect(await sink.next() == "<6>client connected client=1 gid=\(getegid()) pid=\(getpid()) uid=\(geteuid())\n")
            _ = try await client.next()
            await server.shutDown()
        }
    }
}
