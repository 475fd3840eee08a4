import AuralCapture
import AuralCore
import AuralRecording
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct RecordingTests {
        /// A recording of the rehearsal engine, with a prompt in the middle of it.
        private static let recording = Task {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\"\nrehearsal_ms = 1"
            settings.audio = try Fixtures.sine(seconds: 1)
            settings.rate = 20
            let path = Fixtures.path("seen")
            try await AuraldDaemon.with(settings) { daemon in
                let recorder = try AuraldProcess(["record", "--socket", daemon.socket, "-o", path, "--segment", "1"])
                // The recorder and who asks.
                while try await daemon.status().clients < 2 {}
                let peer = try SocketPeer(daemon.socket)
                for _ in 0..<10 { _ = try await peer.frame() }
                let prompted = try await daemon.command("prompt", "--object", "5", "--box", "0.1,0.1,0.6,0.6")
                #expect(prompted.status == 0, "\(prompted.errors)")
                for _ in 0..<25 { _ = try await peer.frame() }
                recorder.signal(SIGINT)
                let outcome = await recorder.finish()
                #expect(outcome.status == 0 && outcome.errors.contains(" frames in \(path)"), "\(outcome.errors)")
                // The daemon does not mind.
                _ = try await peer.frame()
            }
            return path
        }

        /// Runs `replay` with the small model and the rehearsal engine.
        private func replay(_ arguments: String...) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(
                ["replay", "-o", "model.path=\(try await Fixtures.model())", "-o", "model.engine=rehearsal", "-o", "model.rehearsal_ms=0"] + arguments
            )
        }

        @Test("What was recorded is found again by a replay, prompts and all, and a difference is an error", .timeLimit(.minutes(4)))
        func replayed() async throws {
            let path = try await Self.recording.value
            let recording = try Recording(path: path)
            let frames = try RecordedFrames(recording).map { try $0.get() }
            #expect(frames.count >= 30 && recording.segments.count >= 2 && recording.hasSound)
            #expect(frames.contains { !$0.before.isEmpty } && frames.last?.record.objects.map(\.objectID.rawValue) == [1, 5])

            let records = Fixtures.path("again.ndjson")
            // Pictures of a clip are compressed for the recording, which moves edges a little.
            let outcome = try await replay(path, "--assert", path, "--least-overlap", "0.95", "--output", records)
            #expect(outcome.status == 0 && outcome.errors.contains("all \(frames.count) frames are as expected"), "\(outcome.errors)")
            let same = try await replay(path, "--assert", records, "--least-overlap", "1", "--speed", "8")
            #expect(same.status == 0 && same.errors.contains("least overlap 1.0000"), "\(same.errors)")

            let lines = try String(contentsOfFile: records, encoding: .utf8).split(separator: "\n").dropLast(2)
            let other = try Fixtures.file("other.ndjson", lines.joined(separator: "\n").utf8)
            let wrong = try await replay(path, "--assert", other)
            #expect(wrong.status == 65 && wrong.errors.contains("is not expected"), "\(wrong.errors)")
        }

        @Test("Exports are what other programs read: COCO's run lengths, palette PNGs, a video", .timeLimit(.minutes(4)))
        func exported() async throws {
            let path = try await Self.recording.value
            let frames = try RecordedFrames(try Recording(path: path)).map { try $0.get().record }
            func export(_ format: String, _ name: String) async throws -> String {
                let target = Fixtures.path(name)
                let outcome = try await AuraldProcess.run(["export", path, "--format", format, "-o", target])
                try #require(outcome.status == 0, "\(outcome.errors)")
                #expect(outcome.output == "\(target): \(frames.count) frames, 2 object(s)\n")
                return target
            }
            let coco = try await export("coco", "coco")
            let file = try #require(
                try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: "\(coco)/annotations.json"))) as? [String: Any])
            let annotations = try #require(file["annotations"] as? [[String: Any]])
            #expect(
                (file["images"] as? [Any])?.count == frames.count && annotations.count == frames.reduce(0) { $0 + $1.objects.count { $0.area > 0 } })
            let segmentation = try #require(annotations.first?["segmentation"] as? [String: Any])
            #expect(segmentation["counts"] as? String == frames[0].objects[0].counts && segmentation["size"] as? [Int] == [480, 640])

            let png = try await export("png", "png")
            let name = URL(filePath: path).lastPathComponent
            let last = String(format: "%05d", frames.count - 1)
            let picture = try ImageDecoder().decode(file: "\(png)/Annotations/\(name)/\(last).png", pool: ImagePool(capacity: 1))
            let mask = try #require(frames.last?.objects.last).mask().decoded()
            let inside = try #require(mask.pixels.firstIndex(of: 1)), outside = try #require(mask.pixels.firstIndex(of: 0))
            // Object 5 came second: DAVIS's second colour. Object 1 lies over it.
            let colours: [[UInt8]] = [inside, outside].map { place in Array(picture.bytes[(3 * place)..<(3 * place + 3)]) }
            #expect([[0, 128, 0], [128, 0, 0]].contains(colours[0]) && colours[1] != [0, 128, 0], "\(colours)")
            #expect(FileManager.default.fileExists(atPath: "\(png)/JPEGImages/\(name)/\(last).jpg"))

            let ytvos = try await export("ytvos", "ytvos")
            let meta =
                try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(filePath: "\(ytvos)/meta.json")))
                as? [String: [String: [String: [String: Any]]]]
            #expect(meta?["videos"]?[name]?["objects"]?.keys.sorted() == ["1", "2"])

            let video = try await export("video", "seen.mp4")
            let reader = try FrameReaders.open(video, pool: ImagePool(capacity: 2))
            #expect(reader.width == 640 && reader.height == 480)
            var count = 0
            while try reader.next() != nil { count += 1 }
            #expect(abs(count - frames.count) <= frames.count / 4, "\(count) of \(frames.count)")

            let again = try await AuraldProcess.run(["export", path, "--format", "coco", "-o", coco])
            expectFailure(again, 73, naming: "not empty")
        }

        @Test("Old segments make room for new ones", .timeLimit(.minutes(5)))
        func limited() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\"\nrehearsal_ms = 1"
            settings.rate = 40
            try await AuraldDaemon.with(settings) { daemon in
                let path = Fixtures.path("short")
                let outcome = try await daemon.command("record", "-o", path, "--segment", "1", "--max-size", "1k", "--seconds", "3.5")
                #expect(outcome.status == 0, "\(outcome.errors)")
                let segments = try Recording(path: path).segments
                #expect(segments.count <= 2 && (segments.last?.index.number ?? 0) >= 3, "\(segments.map(\.index.number))")
            }
        }

        @Test("No daemon, no room, no recording: each says so, and the daemon goes on", .timeLimit(.minutes(5)))
        func refused() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\""
            try await AuraldDaemon.with(settings) { daemon in
                expectFailure(
                    try await daemon.command("record", "-o", Fixtures.path("full"), "--keep-free", "1000000T"), 74, naming: "--keep-free",
                    "MB are free")
                #expect(try await daemon.status().frames >= 0)
            }
            expectFailure(
                try await AuraldProcess.run(["record", "--socket", Fixtures.path("s"), "-o", Fixtures.path("none")]), 69, naming: "aurald run")
            expectFailure(
                try await AuraldProcess.run(["export", Fixtures.path("x"), "--format", "png", "-o", Fixtures.path("y")]), 66, naming: "index.json")
            expectFailure(try await replay(Fixtures.path("x")), 66, naming: "aurald record")
        }
    }
}
