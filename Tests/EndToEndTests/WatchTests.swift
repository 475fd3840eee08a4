import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct WatchTests {
        @Test("watch gets hello, the source's state, and frames with the configured objects", .timeLimit(.minutes(4)))
        func records() async throws {
            var settings = AuraldDaemon.Settings()
            settings.prompts += "[[prompt]]\nobject_id = 5\npoints = [[0.5, 0.4], [0.1, 0.1]]\nlabels = [1, 0]\n"
            settings.audio = try Fixtures.sine(seconds: 1)
            try await AuraldDaemon.with(settings) { daemon in
                let outcome = try await daemon.command("watch", "--json", "--count", "3")
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                let records = try outcome.lines.map { try ServerRecord(text: $0) }
                guard case .hello(let hello) = records.first, case .source(let source) = records.dropFirst().first else {
                    throw AuraldDaemon.NotReady(description: "\(outcome.output.prefix(1000))")
                }
                #expect(hello.proto == 1 && hello.source == Fixtures.clip && hello.policy == .latest)
                #expect(source.source == Fixtures.clip && source.state == .streaming && source.medium == .video)
                let frames = try frames(outcome)
                #expect(records.count == 5 && frames.count == 3)
                for (frame, later) in zip(frames, frames.dropFirst()) { #expect(frame.sequence < later.sequence) }
                for frame in frames {
                    #expect(frame.size == [480, 640])
                    #expect(frame.objects.map(\.objectID.rawValue) == [1, 5])
                    #expect(frame.latencyMilliseconds > 0 && frame.latencyMilliseconds < 60_000)
                    for object in frame.objects { #expect(try object.mask().decoded().pixels.count { $0 == 1 } == object.area) }
                    #expect((-130...0).contains(try #require(frame.audio).rmsDBFS))
                }
            }
        }

        @Test("The daemon's masks are those of track, where no frame is dropped", .timeLimit(.minutes(4)))
        func sameAsTrack() async throws {
            // A clip of at least sixteen frames: shorter ones have another time code than a stream, which has no length.
            let video = try Fixtures.longClip()
            let tracked = try frames(try await TrackTests.track(video))
            #expect(tracked.count == 16)
            // Slower until this machine, whatever else it does, keeps up.
            for rate in [2, 0.5, 0.125] {
                let (seen, dropped) = try await AuraldDaemon.with(.init(video: video, isLooping: false, rate: rate)) { daemon in
                    let seen = try frames(try await daemon.command("watch", "--count", "4"))
                    return (seen, try await daemon.status().framesDropped)
                }
                guard dropped == 0 else { continue }
                #expect(seen.count == 4)
                for frame in seen {
                    let expected = try #require(tracked.first { $0.sequence == frame.sequence })
                    #expect(frame.objects == expected.objects, "frame \(frame.sequence)")
                }
                return
            }
            Issue.record("frames were dropped even at one in eight seconds")
        }

        @Test("On a terminal, watch writes for people", .timeLimit(.minutes(4)))
        func terminal() async throws {
            try await AuraldDaemon.with { daemon in
                let outcome = await (try AuraldProcess(["watch", "--socket", daemon.socket, "--count", "1"], output: .terminal)).finish()
                #expect(outcome.status == 0)
                let lines = outcome.output.split(separator: "\r\n")
                #expect(lines.count == 3)
                #expect(lines.first?.hasPrefix("connected to aurald ") == true)
                #expect(lines.last?.contains(#/^frame +\d+ +[\d.]+ ms  #1 score 0\.\d\d iou [01]\.\d\d area \d+ box /#) == true, "\(lines)")
            }
        }

        @Test("A policy thins out frames, and one that is not known is refused", .timeLimit(.minutes(4)))
        func policy() async throws {
            try await AuraldDaemon.with { daemon in
                let outcome = try await daemon.command("watch", "--policy", "sample=2", "--count", "3")
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                #expect(try frames(outcome).count == 3)
                #expect(try await daemon.command("watch", "--policy", "sample=0").status == 64)
            }
        }

        @Test("Masks come at the network's size where the configuration says so", .timeLimit(.minutes(4)))
        func nativeMasks() async throws {
            try await AuraldDaemon.with(.init(socket: "mask_size = \"native\"")) { daemon in
                let frame = try #require(try frames(try await daemon.command("watch", "--count", "1")).first)
                #expect(frame.size == [480, 640])
                #expect(frame.objects.first?.size == [64, 64])
            }
        }

        @Test("watch ends silently when what it writes to is closed", .timeLimit(.minutes(4)))
        func closedPipe() async throws {
            try await AuraldDaemon.with { daemon in
                let outcome = try await AuraldProcess.shell("aurald watch --socket '\(daemon.socket)' | head -n 1")
                #expect(outcome.output.hasPrefix("{\"type\":\"hello\""))
                #expect(outcome.errors == "")
            }
        }

        @Test("Where standard output cannot be written, watch and prompt end with 74", .timeLimit(.minutes(4)))
        func fullDisk() async throws {
            try await AuraldDaemon.with { daemon in
                for command in ["watch --json", "prompt --status"] {
                    expectFailure(
                        try await AuraldProcess.shell("aurald \(command) --socket '\(daemon.socket)' > /dev/full"), 74, naming: "cannot be written")
                }
            }
        }

        @Test("watch and prompt say that there is no daemon", .timeLimit(.minutes(4)), arguments: [["watch"], ["prompt", "--status"]])
        func noDaemon(arguments: [String]) async throws {
            let path = Fixtures.path("s")
            expectFailure(try await AuraldProcess.run(arguments + ["--socket", path]), 69, naming: path, "aurald run")
        }
    }
}
