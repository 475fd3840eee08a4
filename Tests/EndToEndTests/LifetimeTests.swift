import AuralWire
import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct LifetimeTests {
        @Test("SIGTERM and SIGINT end the daemon well: clients are told, the socket is gone", .timeLimit(.minutes(4)), arguments: [SIGTERM, SIGINT])
        func signals(signal: Int32) async throws {
            let daemon = try await AuraldDaemon.start()
            let peer = try SocketPeer(daemon.socket)
            let watch = try AuraldProcess(["watch", "--socket", daemon.socket, "--json"])
            _ = try await peer.frame()
            #expect(await watch.output.next(containing: "\"frame\"") != nil)
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = await daemon.stop(signal)
            #expect(clock.now - start < .seconds(5))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            #expect(try await peer.error().code == .shuttingDown)
            #expect(try await peer.next() == nil)
            let watched = await watch.finish()
            #expect(watched.status == 69)
            #expect(watched.errors.hasPrefix("aurald: error: ") && watched.errors.contains(daemon.socket), "\(watched.errors)")
            #expect(watched.lines.last?.contains("shutting_down") == true)
        }

        @Test("SIGTERM does not wait for the next frame, nor for prompts that do", .timeLimit(.minutes(4)))
        func waiting() async throws {
            let daemon = try await AuraldDaemon.start(.init(rate: 0.01))
            let peer = try SocketPeer(daemon.socket)
            // The first frame has come when its number is known; the next one would come in 100 seconds.
            while try await daemon.status().frames == 0 {}
            try peer.send(#"{"verb":"add_points","object_id":2,"points":[[0.5,0.5]],"labels":[1]}"#)
            _ = try await daemon.status()
            let clock = ContinuousClock()
            let start = clock.now
            #expect(await daemon.stop(SIGTERM).status == 0)
            #expect(clock.now - start < .seconds(5))
        }

        @Test("A second daemon on the same socket ends with 75, and the first goes on", .timeLimit(.minutes(4)))
        func inUse() async throws {
            let settings = AuraldDaemon.Settings()
            try await AuraldDaemon.with(settings) { daemon in
                let second = try await AuraldProcess.run(["run", "--config", try await AuraldDaemon.configuration(settings)])
                Self.expectEnd(second, 75, naming: daemon.socket)
                #expect(try await daemon.status().objects == [1])
            }
        }

        @Test("A socket that a killed daemon left is replaced", .timeLimit(.minutes(4)))
        func stale() async throws {
            let settings = AuraldDaemon.Settings()
            let first = try await AuraldDaemon.start(settings)
            #expect(await first.stop(SIGKILL).status == -SIGKILL)
            #expect(FileManager.default.fileExists(atPath: settings.path))
            expectFailure(try await first.command("watch"), 69, naming: settings.path)
            try await AuraldDaemon.with(settings) { daemon in _ = try await daemon.status() }
        }

        @Test("What the daemon needs and does not find ends its start", .timeLimit(.minutes(4)))
        func missingParts() async throws {
            func run(_ settings: AuraldDaemon.Settings) async throws -> AuraldProcess.Outcome {
                try await AuraldProcess.run(["run", "--config", try await AuraldDaemon.configuration(settings)])
            }
            let none = Fixtures.path("nothing")
            Self.expectEnd(try await run(.init(video: none)), 66, naming: none)
            Self.expectEnd(try await run(.init(audio: none)), 66, naming: none)
            Self.expectEnd(try await run(.init(path: none + "/s")), 78, naming: none + "/s")
            let file = try Fixtures.file("s", "Dear reader".utf8)
            Self.expectEnd(try await run(.init(path: file)), 78, naming: file)
            #expect(try Fixtures.bytes(file) == Array("Dear reader".utf8))
            let long = Fixtures.path(String(repeating: "s", count: 120))
            Self.expectEnd(try await run(.init(path: long)), 78, naming: "107")
            let text = try await AuraldDaemon.configuration()
            let model = try String(contentsOfFile: text, encoding: .utf8).replacing(try await Fixtures.model(), with: none)
            Self.expectEnd(try await AuraldProcess.run(["run", "--config", try Fixtures.file("aurald.toml", model.utf8)]), 66, naming: none)
        }

        /// The log may say things before; the error is the last line.
        private static func expectEnd(
            _ outcome: AuraldProcess.Outcome, _ status: Int32, naming word: String, sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
            let last = outcome.errors.split(separator: "\n").last ?? ""
            #expect(last.hasPrefix("aurald: error: ") && last.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation)
        }
    }
}
