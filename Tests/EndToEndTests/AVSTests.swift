import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct AVSTests {
        private func run(_ clip: String, _ more: String...) async throws -> AuraldProcess.Outcome {
            try await HearingModels.run("avs", on: HearingModels.avs(), ["--clip", clip] + more)
        }

        @Test("A clip gives one record a second, and the same masks as pictures at the model's square", .timeLimit(.minutes(4)))
        func masks() async throws {
            let folder = Fixtures.path("masks")
            let outcome = try await run(try ClipFolder.make(frames: 3, seconds: 3), "--masks", folder)
            #expect(outcome.status == 0)
            #expect(outcome.errors == "aurald: 3 frames\n")
            let records = try frames(outcome)
            #expect(records.map(\.sequence) == [0, 1, 2] && records.map(\.timeNanoseconds) == [0, 1_000_000_000, 2_000_000_000])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["mask_0.png", "mask_1.png", "mask_2.png"])
            for (index, record) in records.enumerated() {
                #expect(record.size == [480, 640] && record.objects.count == 1)
                let object = try #require(record.objects.first)
                #expect(object.objectID == ObjectID(0) && object.kind == .sounding)
                #expect((0...1).contains(object.score) && object.area > 0)
                #expect(abs(try #require(record.audio).rmsDBFS + 9.03) < 0.1 && record.audio?.isSounding == true)
                let mask = try object.mask().decoded()
                let square = try ClipFolder.mask("\(folder)/mask_\(index).png")
                let same = (0..<(256 * 256)).count { pixel in
                    let (x, y) = ((2 * (pixel % 256) + 1) * 640 / 512, (2 * (pixel / 256) + 1) * 480 / 512)
                    return square[pixel] == (mask.pixels[y * 640 + x] == 1)
                }
                // They may differ along edges, which are where the logits of both sizes cross zero.
                #expect(Double(same) / 65_536 > 0.97, "frame \(index): \(same) of 65536 pixels")
            }
            let file = Fixtures.path("records.ndjson")
            let again = try await run(try ClipFolder.make(frames: 3, seconds: 3), "--output", file)
            #expect(again.status == 0 && again.output == "")
            #expect(try frames(String(decoding: Fixtures.bytes(file), as: UTF8.self)).map(\.objects) == records.map(\.objects))
        }

        @Test("A clip that is too short is filled up, one that is too long is cut, and both are said", .timeLimit(.minutes(4)))
        func lengths() async throws {
            let repeated = "too few for the model: the last one was repeated"
            let cases: [(frames: Int, seconds: Double, written: Int, notes: [String])] = [
                (3, 1, 3, ["3 frames", "2 seconds of sound \(repeated)"]),
                (3, 2, 3, ["3 frames", "1 second of sound \(repeated)"]),
                (1, 1, 1, ["1 frame", "2 frames \(repeated) for it", "2 seconds of sound \(repeated)"]),
                (4, 4, 3, ["3 frames", "the clip is longer than the model takes: the rest was left out"]),
            ]
            for one in cases {
                let outcome = try await run(try ClipFolder.make(frames: one.frames, seconds: one.seconds))
                #expect(outcome.status == 0)
                #expect(outcome.errors == one.notes.map { "aurald: \($0)\n" }.joined(), "\(outcome.errors)")
                #expect(outcome.lines.count == one.written)
            }
        }

        @Test("Each of the fuser's two kinds of prompts changes the masks", .timeLimit(.minutes(4)))
        func ablations() async throws {
            let clip = try ClipFolder.make(frames: 3, seconds: 3)
            var seen: [[[FrameObject]]] = []
            for options in [["--sparse", "--dense"], ["--no-sparse"], ["--no-dense"], ["--no-sparse", "--no-dense"]] {
                let outcome = try await HearingModels.run("avs", on: HearingModels.avs(), ["--clip", clip] + options)
                #expect(outcome.status == 0, "\(outcome.errors)")
                let objects = try frames(outcome).map(\.objects)
                #expect(objects.count == 3 && !seen.contains(objects), "\(options)")
                seen.append(objects)
            }
            // Without either, the sound has no say.
            var quiet = SoundFile(seconds: 3)
            quiet.channels = [quiet.channels[0].map { $0 / 8 }]
            let other = try ClipFolder.make(frames: 3, sound: quiet.bytes)
            #expect(try frames(await run(other)).map(\.objects) != seen[0])
            #expect(try frames(await run(other, "--no-sparse", "--no-dense")).map(\.objects) == seen[3])
        }

        @Test("Words are for models that take them, and those need them; other words give other masks", .timeLimit(.minutes(4)))
        func expression() async throws {
            let clip = try ClipFolder.make(frames: 2, seconds: 2)
            func ask(_ words: String...) async throws -> AuraldProcess.Outcome {
                try await HearingModels.run("avs", on: HearingModels.refAVS(), ["--clip", clip] + words)
            }
            let dog = try await ask("--expression", "the dog")
            #expect(dog.status == 0 && dog.errors == "aurald: 2 frames\n" && dog.lines.count == 2, "\(dog.errors)")
            let guitar = try await ask("--expression", "the guitar on the left 🎸")
            #expect(guitar.status == 0, "\(guitar.errors)")
            #expect(try frames(guitar).map(\.objects) != frames(dog).map(\.objects))
            expectFailure(try await ask(), 64, naming: "this model needs words: give --expression")
            expectFailure(try await run(clip, "--expression", "the dog"), 64, naming: "takes no words: leave --expression out")
        }

        @Test("Models without a fuser of clips are refused with what to do", .timeLimit(.minutes(4)))
        func otherModels() async throws {
            let clip = try ClipFolder.make(frames: 2, seconds: 2)
            let deaf = try await Fixtures.model()
            expectFailure(try await AuraldProcess.run(["avs", "--model", deaf, "--clip", clip]), 64, naming: deaf, "no fuser", "--fuser FILE")
            let online = Fixtures.path("model")
            let more = ["--fuser", try Checkpoints.fuserFile(), "--fuser-variant", "online"]
            #expect(try await AuraldProcess.run(Checkpoints.sam2().importing(to: online, more)).status == 0)
            let refused = try await AuraldProcess.run(["avs", "--model", online, "--clip", clip])
            expectFailure(refused, 64, naming: online, "online", "aurald track or run")
        }
    }
}
