import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct StateDumpTests {
        @Test("SIGUSR1 writes what the daemon does to its log, and the service manager is told what is missing", .timeLimit(.minutes(5)))
        func dump() async throws {
            try await LiveDaemon.with { daemon in
                // After READY.
                var status = ""
                while !status.contains("camera is absent, microphone is absent") { status = try daemon.notification(ofSources: true) }
                #expect(status.hasPrefix("STATUS=running, clients connect to \(daemon.socket)"))
                daemon.process.signal(SIGUSR1)
                let errors = daemon.process.errors
                #expect(await errors.next(containing: "state of a stage") != nil)
                #expect(await errors.next(containing: "aurald_queue_depth") != nil)
                let report = await errors.next(containing: "state of the daemon")
                #expect(report?.contains(#"\"model\":\"sam2.1_hiera_tiny@256"#) == true, "\(report ?? "")")
            }
        }
    }
}
