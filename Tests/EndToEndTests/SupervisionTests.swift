import AuralService
import AuralTesting
import AuralWire
import Foundation
import Glibc
import Logging
import Testing

extension EndToEnd {
    /// What systemd does with the daemon, done by hand.
    @Suite struct SupervisionTests {
        /// A bound socket of the given type, as the service manager makes it.
        private func bound(_ path: String, _ type: __socket_type) throws -> FileHandle {
            let descriptor = socket(AF_UNIX, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
            let result = withUnsafePointer(to: address) { pointer in
                // SAFETY: the kernel reads a sockaddr_un through the general pointer type, with its real length beside it.
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
            try #require(result == 0, "bind: \(String(cString: strerror(errno)))")
            if type == SOCK_STREAM { try #require(listen(descriptor, 8) == 0) }
            return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        }

        /// Starts the daemon as systemd does: a socket as descriptor 3, variables that name the very process.
        private func start(_ socket: FileHandle, variables: String, settings: AuraldDaemon.Settings) async throws -> AuraldProcess {
            let file = try await AuraldDaemon.configuration(settings)
            let line = "exec 3<&0 </dev/null; \(variables) exec '\(AuraldProcess.binary)' run --config '\(file)'"
            return try AuraldProcess(["-c", line], program: "/bin/sh", input: socket)
        }

        @Test("A socket that systemd opened is served by one daemon after another, and stays", .timeLimit(.minutes(4)))
        func activation() async throws {
            let path = Fixtures.path("activated")
            let listening = try bound(path, SOCK_STREAM)
            for _ in 0..<2 {
                // A client that comes before the daemon is served when it is there.
                let peer = try SocketPeer(path)
                let daemon = try await start(
                    listening, variables: "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=client", settings: .init(path: Fixtures.path("unused")))
                #expect(await daemon.errors.next(containing: " ready")?.contains("socket=\(path)") == true)
                _ = try await peer.frame()
                daemon.signal(SIGTERM)
                let outcome = await daemon.finish()
                #expect(outcome.status == 0, "\(outcome.errors)")
                #expect(FileManager.default.fileExists(atPath: path))
            }
        }

        @Test("Descriptors that cannot be served end the start with 78", .timeLimit(.minutes(4)))
        func unfit() async throws {
            let file = try FileHandle(forReadingFrom: URL(filePath: "/dev/null"))
            let named = try await start(file, variables: "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=clients", settings: .init()).finish()
            #expect(named.status == 78 && named.errors.contains("clients"), "\(named.errors)")
            let opened = try await start(file, variables: "LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=client", settings: .init()).finish()
            #expect(opened.status == 78 && opened.errors.contains("descriptor 3"), "\(opened.errors)")
        }

        @Test("The manager is told of start, life and end, and the journal gets priorities", .timeLimit(.minutes(4)))
        func notifications() async throws {
            let path = Fixtures.path("notify")
            let manager = try bound(path, SOCK_DGRAM)
            var status = stat()
            let variables = "JOURNAL_STREAM=$(stat -Lc %d:%i /dev/stderr) NOTIFY_SOCKET='\(path)' WATCHDOG_USEC=200000 WATCHDOG_PID=$$"
            let daemon = try await start(FileHandle.nullDevice, variables: variables, settings: .init())
            var seen: [String] = []
            func awaitNotification(_ text: String) async throws {
                repeat {
                    let descriptor = manager.fileDescriptor
                    let notification: String? = try await blocking {
                        var buffer = [UInt8](repeating: 0, count: 4096)
                        let count = recv(descriptor, &buffer, buffer.count, 0)
                        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
                    }
                    guard let notification else { return }
                    seen.append(notification)
                } while seen.last?.contains(text) != true
            }
            try await awaitNotification("READY=1")
            #expect(seen.first?.contains("STATUS=loading") == true, "\(seen)")
            try await awaitNotification("WATCHDOG=1")
            try await awaitNotification("WATCHDOG=1")
            daemon.signal(SIGTERM)
            try await awaitNotification("STOPPING=1")
            #expect(!seen.contains { $0.contains("STOPPING=1") && $0.contains("READY=1") })
            let outcome = await daemon.finish()
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("<5>ready ") } && lines.allSatisfy { $0.wholeMatch(of: /<[2-7]>.*/) != nil }, "\(outcome.errors)")
            #expect(stat(path, &status) == 0, "the manager's socket is not ours to remove")
        }

        @Test(
            "Another user may watch, and may prompt only as a member of the group", .timeLimit(.minutes(4)),
            .enabled(if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv"), "needs root and setpriv"))
        func otherUser() async throws {
            let path = Fixtures.path("access")
            let (hub, access) = (Hub(), AccessControl(AccessPolicy(owner: 0, group: ClientGroup(name: "watchers", identifier: 54_321))))
            let server = SocketServer(
                settings: .init(listening: .path(path, mode: 0o666)), identity: ServerIdentity(version: "test", source: "clip"), hub: hub,
                handler: AgreeableHandler(), access: access, logger: .init(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await server.start()
            func command(_ groups: String, _ arguments: String...) async throws -> AuraldProcess.Outcome {
                let user = ["--reuid=65534", "--regid=65534", groups]
                return try await AuraldProcess(
                    user + [AuraldProcess.binary] + arguments, program: "/usr/bin/setpriv"
                ).finish()
            }
            let refused = try await command("--clear-groups", "prompt", "--socket", path, "--object", "1", "--point", "0.5,0.5")
            expectFailure(refused, 77, naming: "user 65534", "watchers")
            let status = try await command("--clear-groups", "prompt", "--socket", path, "--status")
            #expect(status.status == 0, "\(status.errors)")
            let member = try await command("--groups=7,54321", "prompt", "--socket", path, "--object", "1", "--point", "0.5,0.5")
            #expect(member.status == 0, "\(member.errors)")
            access.policy = AccessPolicy(owner: 65_534)
            let owner = try await command("--clear-groups", "prompt", "--socket", path, "--object", "1", "--point", "0.5,0.5")
            #expect(owner.status == 0, "\(owner.errors)")
            await server.shutDown()
        }

        /// Agrees to everything.
        private struct AgreeableHandler: RequestHandler {
            func handle(_ request: Request, from client: ClientID) async -> Reply {
                .done(ReplyRecord(id: nil, verb: request.verb))
            }
        }
    }
}
