import AuralWire
import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct LiveTests {
        @Test("A daemon without devices is ready, says that both are absent, and ends well", .timeLimit(.minutes(4)))
        func noDevices() async throws {
            let daemon = try await LiveDaemon()
            #expect(try daemon.notification().contains("STATUS=loading"))
            try daemon.awaitReady()
            let peer = try SocketPeer(daemon.socket)
            var states: [String: SourceRecord] = [:]
            while states.values.count(where: { $0.state == .absent }) < 2 {
                let record = try await peer.source()
                states[record.source] = record
            }
            #expect(states["camera"]?.medium == .video && states["camera"]?.detail?.contains("usb:ffff:fffe") == true)
            #expect(states["microphone"]?.medium == .audio && states["microphone"]?.detail?.contains("NoSuchCard") == true)
            let outcome = try await AuraldProcess.run(["prompt", "--socket", daemon.socket, "--status"])
            let status = try #require(try AuraldDaemon.reply(outcome).status)
            #expect(status.sources.map(\.source) == ["camera", "microphone"] && status.sources.map(\.state) == [.absent, .absent])
            #expect(status.frames == 0 && status.engine.contains("rehearsal") && status.sources[0].counts?.frames == 0)
            // A prompt waits for the camera, and is answered when the daemon ends.
            try peer.send(#"{"verb":"add_points","object_id":2,"points":[[0.5,0.5]],"labels":[1]}"#)
            while try await daemon.value(#"aurald_queue_depth{queue="prompts"}"#) != 1 {}
            daemon.process.signal(SIGTERM)
            #expect(try await peer.error().code == .shuttingDown)
            #expect(try daemon.notification().hasPrefix("STOPPING=1"))
            await daemon.stop()
        }

        @Test("Metrics and health are there while it runs", .timeLimit(.minutes(4)))
        func metrics() async throws {
            try await LiveDaemon.with { daemon in
                #expect(try await daemon.get("/health").hasPrefix("HTTP/1.1 200 OK\r\n"))
                while try await daemon.value(#"aurald_source_state{source="camera",kind="video",state="absent"}"#) != 1 {}
                let text = try await daemon.get("/metrics")
                #expect(text.contains("Content-Type: text/plain; version=0.0.4"))
                for family in ["aurald_frames_captured_total", "aurald_stage_seconds", "aurald_memory_bank_bytes", "process_open_fds"] {
                    #expect(text.contains("# TYPE \(family) "))
                }
                #expect(try await daemon.value("aurald_clients") == 0)
                #expect(try await daemon.value(#"aurald_queue_depth{queue="frames"}"#) == 0)
            }
        }

        @Test("A metrics socket that cannot be had ends the start, and leaves no socket behind", .timeLimit(.minutes(4)))
        func occupied() async throws {
            let file = try Fixtures.file("m", "Dear reader".utf8)
            let daemon = try await LiveDaemon(metrics: file)
            let outcome = await daemon.process.finish()
            #expect(outcome.status == 78, "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").last?.contains(file) == true, "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
            #expect(try Fixtures.bytes(file) == Array("Dear reader".utf8))
        }

        @Test("SIGTERM does not wait for a frame of ten seconds; clients are told, and nothing stays behind", .timeLimit(.minutes(4)))
        func longFrame() async throws {
            let daemon = try await LiveDaemon(LiveDaemon.clip, model: "rehearsal_ms = 10000")
            try daemon.awaitReady()
            let peer = try SocketPeer(daemon.socket)
            // Counted when the networks get it.
            while try await daemon.value("aurald_frames_captured_total{source=\"\(Fixtures.clip)\"}").map({ $0 < 1 }) ?? true {}
            let clock = ContinuousClock()
            let start = clock.now
            try peer.send(#"{"verb":"add_points","object_id":2,"points":[[0.5,0.5]],"labels":[1]}"#)
            let outcome = await daemon.stop()
            #expect(clock.now - start < .seconds(10), "a frame's time")
            #expect(outcome.errors.contains("ending in the middle of a frame"))
            #expect(try await peer.error().code == .shuttingDown)
            #expect(try await peer.next() == nil)
        }

        @Test("capture without devices ends with 69 and names what is missing", .timeLimit(.minutes(4)))
        func capture() async throws {
            let folder = Fixtures.path("capture")
            let outcome = try await AuraldProcess.run([
                "capture", "--camera", "usb:ffff:fffe", "--microphone", "card:NoSuchCard", "--seconds", "1", "--output", folder,
            ])
            #expect(outcome.status == 69 && outcome.output == "", "\(outcome.errors)")
            let lines = outcome.errors.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix("aurald: camera: absent: ") && $0.contains("usb:ffff:fffe") }, "\(outcome.errors)")
            #expect(lines.contains { $0.hasPrefix("aurald: microphone: absent: ") && $0.contains("NoSuchCard") })
            #expect(lines.last?.hasPrefix("aurald: error: camera and microphone: ") == true, "\(outcome.errors)")
            let none = try await AuraldProcess.run(["capture", "--camera", "none", "--microphone", "none", "--output", folder])
            #expect(none.status == 64 && none.errors.contains("--camera"), "\(none.errors)")
        }
    }
}
