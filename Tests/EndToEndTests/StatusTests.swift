import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct StatusTests {
        @Test(
            "status says what runs and how fast, for people and as the record, and fails on a degraded daemon only if asked", .timeLimit(.minutes(4)))
        func status() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\""
            try await AuraldDaemon.with(settings) { daemon in
                let peer = try SocketPeer(daemon.socket)
                _ = try await peer.frame()
                let outcome = try await daemon.command("status", "--fail-on", "degraded")
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                for part in ["model     sam2.1_hiera_tiny@256", "pictures  \(Fixtures.clip): streaming", "objects   1\n"] {
                    #expect(outcome.output.contains(part), "\(outcome.output)")
                }
                let json = try await daemon.command("status", "--json")
                let report = try #require(try AuraldDaemon.reply(json).status)
                #expect(report.hears == false && report.objects == [1] && report.frames > 0)
            }
        }

        @Test("Devices that are away are a problem that is named, and no daemon at all is an error", .timeLimit(.minutes(5)))
        func degraded() async throws {
            let daemon = try await LiveDaemon()
            try daemon.awaitReady()
            let shown = try await AuraldProcess.run(["status", "--socket", daemon.socket])
            #expect(shown.status == 0 && shown.output.contains("problem   camera is absent"), "\(shown.output)\(shown.errors)")
            let failing = try await AuraldProcess.run(["status", "--socket", daemon.socket, "--fail-on", "degraded"])
            #expect(failing.status == 69 && failing.output.contains("problem   camera is absent"), "\(failing.output)")
            #expect(failing.errors.contains("degraded"), "\(failing.errors)")
            _ = await daemon.stop()
            expectFailure(try await AuraldProcess.run(["status", "--socket", daemon.socket]), 69, naming: "aurald run")
        }
    }
}
