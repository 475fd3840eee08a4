import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct PromptTests {
        @Test("An object that is added is in the reply and in the frames from the one that the reply names", .timeLimit(.minutes(4)))
        func add() async throws {
            try await AuraldDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                _ = try await peer.frame(with: [1])
                let reply = try AuraldDaemon.reply(try await daemon.command("prompt", "--object", "2", "--box", "0.1,0.1,0.4,0.5", "--json"))
                #expect(reply.verb == "add_box" && reply.object?.objectID.rawValue == 2)
                #expect(try reply.object?.mask().area == reply.object?.area)
                let first = try await peer.frame(with: [1, 2])
                #expect(first.sequence == reply.sequence)
                #expect(first.objects.last == reply.object)
                #expect(try await peer.frame().objects.count == 2)
            }
        }

        @Test("Objects are corrected, removed and all forgotten while the daemon runs", .timeLimit(.minutes(4)))
        func change() async throws {
            try await AuraldDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                let added = try await daemon.command("prompt", "--object", "2", "--point", "0.3,0.3", "--negative", "0.9,0.9")
                #expect(added.status == 0, "\(added.errors)")
                let line = #/^reply to add_points: #2 score [01]\.\d\d iou [01]\.\d\d area \d+ box \d+,\d+ \d+x\d+\n$/#
                #expect(added.output.contains(line), "\(added.output)")
                let corrected = try await daemon.command("prompt", "--object", "2", "--point", "0.2,0.3", "--keep-points")
                #expect(corrected.status == 0, "\(corrected.errors)")
                _ = try await peer.frame(with: [1, 2])
                #expect(try await daemon.command("prompt", "--remove", "1").output == "reply to remove_object\n")
                _ = try await peer.frame(with: [2])
                #expect(try await daemon.command("prompt", "--reset").output == "reply to reset\n")
                _ = try await peer.frame(with: [])
                // The daemon goes on, and an object's number may be used again.
                #expect(try await daemon.command("prompt", "--object", "1", "--point", "0.5,0.5").status == 0)
                _ = try await peer.frame(with: [1])
                #expect(try await daemon.status().objects == [1])
            }
        }

        @Test("What cannot be done ends with an error that says why", .timeLimit(.minutes(4)))
        func refused() async throws {
            try await AuraldDaemon.with { daemon in
                expectFailure(try await daemon.command("prompt", "--remove", "99"), 64, naming: "no_such_object", "99")
                let old = try await daemon.command("prompt", "--object", "1", "--point", "0.5,0.5", "--seq", "99999999")
                expectFailure(old, 64, naming: "frame_expired", "seq")
                expectFailure(try await daemon.command("prompt", "--object", "0", "--point", "0.5,0.5"), 64, naming: "object_id")
                expectFailure(try await daemon.command("prompt", "--object=-1", "--point", "0.5,0.5"), 64, naming: "object_id")
                // The tracker's model has no words.
                expectFailure(try await daemon.command("prompt", "--expression", "the barking dog"), 64, naming: "unsupported", "expression")
                expectFailure(try await daemon.command("prompt", "--expression", ""), 64, naming: "unsupported", "expression")
                expectFailure(try await daemon.command("prompt", "--expression", "a\tb"), 64, naming: "bad_request", "control")
                #expect(try await daemon.command("prompt", "--expression", "dog", "--reset").status == 64)
                expectFailure(try await daemon.command("prompt", "--object", "1", "--box", "0.5,0.5,0.1,0.1"), 64, naming: "box", "left < right")
                #expect(try await daemon.status().objects == [1])
            }
        }

        @Test("The status tells of model, source and frames", .timeLimit(.minutes(4)))
        func status() async throws {
            try await AuraldDaemon.with { daemon in
                _ = try await daemon.command("watch", "--count", "2")
                let status = try await daemon.status()
                #expect(status.model == "sam2.1_hiera_tiny@256 untrained")
                #expect(status.engine.contains("OpenVINO") && status.engine.hasSuffix("f32"))
                #expect(status.sources.map(\.state) == [.streaming])
                #expect(status.frames >= 2 && status.uptimeSeconds > 0 && status.objects == [1] && status.clients == 1)
                #expect(try #require(status.sequence) + 1 >= status.frames)
                #expect(try #require(status.latencyMedianMilliseconds) <= #require(status.latency99Milliseconds))
            }
        }

        @Test("After the clip's end, the daemon says so, keeps the last frame and answers", .timeLimit(.minutes(4)))
        func sourceEnd() async throws {
            let video = Fixtures.root.appending(path: "Tests/Golden/inputs/clip_00.png").path
            try await AuraldDaemon.with(.init(video: video, isLooping: false)) { daemon in
                let peer = try SocketPeer(daemon.socket)
                var source = try await peer.source()
                if source.state == .streaming { source = try await peer.source() }
                #expect(source.state == .ended)
                #expect(source.source == video && source.medium == .video)
                // One who comes later is told too.
                let late = try SocketPeer(daemon.socket)
                #expect(try await late.source().state == .ended)
                // No frame comes any more, so that a prompt works on the last one.
                try late.send(#"{"verb":"add_points","object_id":2,"points":[[0.5,0.5]],"labels":[1]}"#)
                let reply = try await late.reply()
                #expect(reply.sequence == 0 && reply.object?.objectID.rawValue == 2)
                let status = try await daemon.status()
                #expect(status.sources.map(\.state) == [.ended] && status.frames == 1 && status.objects == [1, 2])
            }
        }
    }
}
