import AuralCore
import AuralWire
import Foundation
import Testing

/// The frame records of a run's output.
func frames(_ outcome: AuraldProcess.Outcome) throws -> [FrameRecord] { try frames(outcome.output) }

/// The frame records of NDJSON; other records are passed over.
func frames(_ text: String) throws -> [FrameRecord] {
    try text.split(separator: "\n").compactMap { line in
        if case .frame(let frame) = try ServerRecord(text: String(line)) { frame } else { nil }
    }
}

extension EndToEnd {
    @Suite struct TrackTests {
        /// A box around object 1 on the first frame.
        static let box = #"[{"frame":0,"object_id":1,"box":[0.3,0.2,0.7,0.8]}]"#

        static func track(_ video: String = Fixtures.clip, prompt: String = box, more: [String] = []) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(
                ["track", "--model", try await Fixtures.model(), "--video", video, "--prompt", prompt] + more)
        }

        @Test("A folder of pictures and a box give a record for each frame, with masks that can be decoded", .timeLimit(.minutes(4)))
        func folder() async throws {
            let outcome = try await Self.track()
            #expect(outcome.status == 0)
            #expect(outcome.errors == "aurald: these weights are untrained, the masks mean nothing\naurald: 10 frames\n")
            #expect(outcome.lines.count == 10)
            let records = try frames(outcome)
            #expect(records.map(\.sequence) == Array(0..<10))
            #expect(records.map(\.timeNanoseconds) == (0..<10).map { $0 * 33_333_333 })
            for record in records {
                #expect(record.size == [480, 640])
                #expect(record.audio == nil)
                #expect(record.objects.map(\.objectID.rawValue) == [1])
                let object = try #require(record.objects.first)
                let mask = try object.mask().decoded()
                #expect(mask.width == 640 && mask.height == 480)
                #expect(mask.pixels.count { $0 == 1 } == object.area)
                #expect(object.area > 0)
            }

            // Only the time that it took may differ.
            let file = Fixtures.path("masks.ndjson")
            let again = try await Self.track(more: ["--output", file])
            #expect(again.status == 0 && again.output == "")
            let written = try frames(String(decoding: Fixtures.bytes(file), as: UTF8.self))
            #expect(written.map(\.objects) == records.map(\.objects))
        }

        @Test("With --pool-memories the first frames, which have no old memories, stay as they are", .timeLimit(.minutes(4)))
        func pooling() async throws {
            let (whole, pooled) = (try await frames(Self.track()), try await frames(Self.track(more: ["--pool-memories"])))
            #expect(pooled.count == whole.count)
            #expect(pooled.prefix(3).map(\.objects) == whole.prefix(3).map(\.objects))
            #expect(pooled.map(\.objects) != whole.map(\.objects), "nothing was pooled")
        }

        @Test(
            "The same clip in other formats gives as many records", .timeLimit(.minutes(4)),
            .enabled(if: Fixtures.hasFFmpeg, "ffmpeg is not installed"),
            arguments: [
                ("clip.y4m", ["-pix_fmt", "yuv420p"]),
                ("clip.avi", ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]),
                ("clip.mp4", ["-c:v", "mpeg4"]),
            ])
        func formats(name: String, options: [String]) async throws {
            let outcome = try await Self.track(try Fixtures.converted(name, options))
            #expect(outcome.status == 0, "\(outcome.errors)")
            let records = try frames(outcome)
            #expect(records.map(\.sequence) == Array(0..<10))
            // The file's own rate, ten frames a second.
            #expect(records.map(\.timeNanoseconds) == (0..<10).map { $0 * 100_000_000 })
            #expect(records.allSatisfy { $0.size == [480, 640] && $0.objects.count == 1 })
        }

        @Test("With the clip's sound, records carry its level", .timeLimit(.minutes(4)))
        func sound() async throws {
            let records = try frames(try await Self.track(more: ["--audio", try Fixtures.sine(seconds: 1)]))
            #expect(records.count == 10)
            // Before the first sample there is nothing to hear; afterwards the sine's own level, with what whole samples leave.
            for record in records.dropFirst() { #expect(abs(try #require(record.audio).rmsDBFS + 9.03) < 0.5) }
        }

        @Test("Clicks, a mask, several objects and a correction later on", .timeLimit(.minutes(4)))
        func kindsOfPrompts() async throws {
            let script = try Fixtures.file(
                "prompts.json",
                #"""
                [{"frame": 0, "object_id": 7, "points": [[0.5, 0.4], [0.1, 0.1]], "labels": [1, 0]},
                 {"frame": 2, "object_id": 3, "mask": {"size": [2, 2], "counts": "112"}},
                 {"frame": 4, "object_id": 7, "points": [[0.6, 0.5]], "labels": [1]}]
                """#.utf8)
            let plain = try await Self.track(prompt: script, more: ["--threads", "1"])
            #expect(plain.status == 0, "\(plain.errors)")
            let records = try frames(plain)
            let numbers = records.map { $0.objects.map(\.objectID.rawValue) }
            #expect(numbers == [[7], [7]] + Array(repeating: [3, 7], count: 8))
            // A mask prompt is taken at its word: half of the frame, the column of the second pixel.
            let given = try #require(records[2].objects.first)
            #expect(given.iou == 1 && abs(given.area - 480 * 640 / 4) < 480 * 64, "\(given.area)")

            let kept = try frames(try await Self.track(prompt: script, more: ["--threads", "1", "--condition-on-corrections"]))
            #expect(kept.prefix(5).map(\.objects) == records.prefix(5).map(\.objects))
            #expect(kept.dropFirst(5).map(\.objects) != records.dropFirst(5).map(\.objects))
        }

        @Test("Compiled graphs are kept where --cache says, and give the same masks", .timeLimit(.minutes(4)))
        func cache() async throws {
            let folder = Fixtures.path("cache")
            let first = try await Self.track(more: ["--cache", folder])
            #expect(first.status == 0, "\(first.errors)")
            #expect(try !FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
            let second = try await Self.track(more: ["--cache", folder])
            #expect(try frames(second).map(\.objects) == frames(first).map(\.objects))
        }

        @Test("draw puts a frame's masks into its picture", .timeLimit(.minutes(4)))
        func draw() async throws {
            let records = Fixtures.path("masks.ndjson")
            #expect(try await Self.track(more: ["--output", records]).status == 0)
            let picture = Fixtures.path("frame.png")
            let arguments = ["draw", "--video", Fixtures.clip, "--records", records, "--output"]
            let outcome = try await AuraldProcess.run(arguments + [picture, "--frame", "3"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "\(picture): frame 3, 1 object(s)\n")
            #expect(try Fixtures.bytes(picture).starts(with: [0x89, 0x50, 0x4E, 0x47]))
            // It can be read again as a clip of one picture of the same size.
            let tracked = try await Self.track(picture)
            #expect(try frames(tracked).map(\.size) == [[480, 640]])

            expectFailure(try await AuraldProcess.run(arguments + [picture, "--frame", "99"]), 65, naming: "99")
            expectFailure(try await AuraldProcess.run(arguments + [Fixtures.path("x") + "/y.png"]), 73, naming: "y.png")
            expectFailure(
                try await AuraldProcess.run(["draw", "--video", Fixtures.clip, "--records", Fixtures.path("no"), "--output", picture]), 66,
                naming: "no such file")
        }
    }
}
