import AuralNetworks
import Foundation
import Testing

extension EndToEnd {
    /// `aurald evaluate` with small models: its figures against those that the masks of `aurald avs` give.
    @Suite struct ScoreTests {
        private func evaluate(_ model: String, _ more: [String]) async throws -> DatasetFolder.Report {
            let outcome = try await HearingModels.run("evaluate", on: model, ["--json", "-"] + more)
            try #require(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors == "")
            return try JSONDecoder().decode(DatasetFolder.Report.self, from: Data(outcome.output.utf8))
        }

        @Test("mJ is what the masks of avs give, and F at least what it is at their threshold", .timeLimit(.minutes(4)))
        func figures() async throws {
            let (model, root) = (try await HearingModels.avs(), try DatasetFolder.avsBench())
            // One frame of the second clip has nothing to find.
            let labels = [[64, 128, 200].map(DatasetFolder.left), [100, 0, 256].map(DatasetFolder.left)]
            var (expected, floor): ([Double], [Double]) = ([], [])
            for (name, labels) in zip(["one", "two"], labels) {
                for (number, label) in labels.enumerated() {
                    try ClipFolder.write(label, to: "\(root)/v1m/\(name)/labels_rgb/clip_\(number).png")
                }
                let masks = try await DatasetFolder.masks(model, "\(root)/v1m/\(name)")
                expected.append(zip(masks, labels).map(DatasetFolder.jaccard).reduce(0, +) / 3)
                let seen = zip(masks, labels).filter { $0.1.contains(true) }
                floor.append(seen.map(DatasetFolder.fScore).reduce(0, +) / Double(seen.count))
            }
            let written = Fixtures.path("masks")
            let report = try await evaluate(model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--masks", written])
            for (number, mask) in try await DatasetFolder.masks(model, "\(root)/v1m/two").enumerated() {
                #expect(try ClipFolder.mask("\(written)/v1m/two/mask_\(number).png") == mask)
            }
            #expect(report.dataset == "avsbench" && report.image_size == 256 && !report.is_partial && report.mix == nil)
            let split = try #require(report.splits.first)
            #expect(report.splits.count == 1 && split.name == "test" && split.available == 2 && split.batches == 2 && split.null == nil)
            #expect(split.clips.map(\.name) == ["v1m/one", "v1m/two"] && split.clips.map(\.row) == [2, 3])
            #expect(split.clips.map(\.frames) == [3, 3] && split.clips.map(\.frames_with_foreground) == [3, 2])
            for (index, clip) in split.clips.enumerated() {
                let scores = try #require(clip.scores)
                #expect(abs(scores.mj - expected[index]) < 1e-6 && expected[index] < 1, "\(scores) \(expected)")
                #expect(scores.f >= floor[index] - 1e-6 && scores.f < 1, "\(scores) \(floor)")
                #expect(abs(scores.j_and_f - (scores.mj + scores.f) / 2) < 1e-12)
            }
            let scores = try #require(split.scores)
            #expect(abs(scores.mj - expected.reduce(0, +) / 2) < 1e-6)
            #expect(abs(scores.f - split.clips.compactMap(\.scores?.f).reduce(0, +) / 2) < 1e-12)
            let others = try await evaluate(
                model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--decode", "first_index", "--limit", "1", "--no-dense"])
            #expect(others.is_partial && others.splits[0].clips.count == 1 && others.splits[0].scores?.mj != split.clips[0].scores?.mj)
        }

        @Test("A model's own masks as labels give it full marks, in the table too, with what was filled up", .timeLimit(.minutes(4)))
        func fullMarks() async throws {
            let (model, root) = (try await HearingModels.avs(), try DatasetFolder.avsBench(frames: 2, seconds: 1))
            for name in ["one", "two"] {
                for (number, mask) in try await DatasetFolder.masks(model, "\(root)/v1m/\(name)").enumerated() {
                    #expect(mask.contains(true))
                    try ClipFolder.write(mask, to: "\(root)/v1m/\(name)/labels_rgb/clip_\(number).png")
                }
            }
            let file = Fixtures.path("scores.json")
            let command = ["evaluate", "--model", model, "--dataset", "avsbench", "--root", root, "--subset", "v1m", "--json", file]
            let outcome = await (try AuraldProcess(command, errors: .terminal)).finish()
            #expect(outcome.status == 0)
            let table = outcome.lines.prefix(2).map { $0.split(separator: " ").joined(separator: " ") }
            #expect(table == ["clips mJ F J&F S sqrt S", "v1m test 2 100.00 100.00 100.00 - -"])
            #expect(outcome.output.contains("2 of 2 clips have fewer frames than the model takes: the last one was repeated (2 in all)"))
            #expect(outcome.output.contains("2 of 2 clips have fewer seconds of sound than the model takes: the last one was repeated (4 in all)"))
            #expect(outcome.errors.contains("evaluate [") && outcome.errors.contains("1 of 2 clips, now v1m/two"), "\(outcome.errors)")
            #expect(outcome.errors.hasSuffix("\r\u{1B}[K"))
            let report = try JSONDecoder().decode(DatasetFolder.Report.self, from: Data(Fixtures.bytes(file)))
            let scores = try #require(report.splits.first?.scores)
            #expect(scores.mj > 1 - 1e-6 && scores.f > 1 - 1e-6)
            #expect(report.splits[0].clips.map(\.frames) == [2, 2])
        }

        @Test("Ref-AVS gives mJ and F of seen, unseen and mix, and S of the null set", .timeLimit(.minutes(4)))
        func refAVS() async throws {
            let (model, root) = (try await HearingModels.refAVS(), try DatasetFolder.refAVS())
            func ask(_ clip: String, _ words: String) async throws -> [[Bool]] {
                try await DatasetFolder.masks(model, "\(root)/media/\(clip)", ["--expression", words])
            }
            // What is seen is all found, what is not seen is half of the square.
            for (number, mask) in try await ask("dogs", "the dog").enumerated() {
                try ClipFolder.write(mask, to: "\(root)/gt_mask/dogs/fid_1/0000\(number).png")
            }
            let half = DatasetFolder.left(of: 128)
            for number in 0..<2 { try ClipFolder.write(half, to: "\(root)/gt_mask/band/fid_2/0000\(number).png") }
            let unseen = try await ask("band", "the guitar, on the left").map { DatasetFolder.jaccard($0, half) }.reduce(0, +) / 2
            let absent = try await ask("dogs", "the silent cat").map { mask in Double(mask.count { $0 }) / 65_536 }.reduce(0, +) / 2

            let report = try await evaluate(model, ["--dataset", "ref-avs", "--root", root])
            #expect(report.splits.map(\.name) == ["test_s", "test_u", "test_n"])
            #expect(report.splits.map(\.clips.first?.expression) == ["the dog", "the guitar, on the left", "the silent cat"])
            #expect(report.splits.map(\.clips.first?.name) == ["dogs_0_1", "band_0_1", "dogs_9_9"])
            let (seen, other) = (try #require(report.splits[0].scores), try #require(report.splits[1].scores))
            #expect(seen.mj > 1 - 1e-6 && seen.f > 1 - 1e-6)
            #expect(abs(other.mj - unseen) < 1e-6 && unseen < 1)
            let (mix, null) = (try #require(report.mix), try #require(report.splits[2].null))
            #expect(abs(mix.mj - (seen.mj + other.mj) / 2) < 1e-12 && abs(mix.f - (seen.f + other.f) / 2) < 1e-12)
            #expect(report.splits[2].scores == nil && absent > 0)
            #expect(abs(null.s - absent) < 1e-6 && abs(null.s_sqrt * null.s_sqrt - null.s) < 1e-12)
        }

        @Test("A clip that is broken ends the run with its row and its file", .timeLimit(.minutes(4)))
        func broken() async throws {
            let model = try await HearingModels.avs()
            let breaks: [(file: String, contents: [UInt8], words: String)] = [
                ("v1m/two/frames/clip_1.png", try Array(Fixtures.bytes("\(Fixtures.clip)/clip_01.png").prefix(4000)), "clip_1.png"),
                ("v1m/two/labels_rgb/clip_2.png", Array("Dear reader".utf8), "neither a JPEG nor a PNG"),
                ("v1m/two/audio.wav", Array("Dear reader, this is no sound.\n".utf8), "not a RIFF WAVE file"),
                ("v1m/two/audio.wav", SoundFile(seconds: 0).bytes, "without samples"),
                ("v1m/two/audio.wav", SoundFile(seconds: 0.5).bytes, "500 ms of sound"),
            ]
            for one in breaks {
                let root = try DatasetFolder.avsBench()
                for name in ["one", "two"] {
                    for number in 0..<3 {
                        try ClipFolder.write(DatasetFolder.left(of: 9), to: "\(root)/v1m/\(name)/labels_rgb/clip_\(number).png")
                    }
                }
                try Data(one.contents).write(to: URL(filePath: "\(root)/\(one.file)"))
                let outcome = try await HearingModels.run(
                    "evaluate", on: model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m"])
                expectFailure(outcome, 65, naming: "\(root)/metadata.csv: line 3: \(root)/\(one.file)", one.words)
            }
        }

        @Test("An online fuser sees frame after frame, and what it remembers can be left out", .timeLimit(.minutes(4)))
        func online() async throws {
            let (model, root) = (try Fixtures.hearing(.online), try DatasetFolder.avsBench())
            for name in ["one", "two"] {
                for number in 0..<3 { try ClipFolder.write(DatasetFolder.left(of: 99), to: "\(root)/v1m/\(name)/labels_rgb/clip_\(number).png") }
            }
            func masks(_ more: [String]) async throws -> [[Bool]] {
                let folder = Fixtures.path("masks")
                let report = try await HearingModels.run(
                    "evaluate", on: model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--json", "-", "--masks", folder] + more)
                try #require(report.status == 0, "\(report.errors)")
                let split = try JSONDecoder().decode(DatasetFolder.Report.self, from: Data(report.output.utf8)).splits[0]
                #expect(split.clips.map(\.frames) == [3, 3] && split.clips.map(\.cut_frames) == [0, 0])
                let masks = try (0..<3).map { try ClipFolder.mask("\(folder)/v1m/two/mask_\($0).png") }
                let expected = masks.map { DatasetFolder.jaccard($0, DatasetFolder.left(of: 99)) }.reduce(0, +) / 3
                #expect(abs((split.clips[1].scores?.mj ?? 0) - expected) < 1e-6)
                return masks
            }
            let (remembered, alone) = (try await masks([]), try await masks(["--no-memory"]))
            #expect(remembered[0] == alone[0] && remembered[1] != alone[1] && remembered[2] != alone[2])
            let other = try await HearingModels.run(
                "evaluate", on: model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--other-model", model])
            expectFailure(other, 64, naming: "--other-model", "any length")
            let whole = try await HearingModels.run(
                "evaluate", on: HearingModels.avs(), ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--no-memory"])
            expectFailure(whole, 64, naming: "--no-memory")
        }

        @Test("Clips of another length go to the other model of the same weights, and to no other", .timeLimit(.minutes(4)))
        func otherLength() async throws {
            let (three, root) = (try await HearingModels.avs(), try DatasetFolder.avsBench(frames: 5, seconds: 5))
            for name in ["one", "two"] {
                for number in 0..<5 { try ClipFolder.write(DatasetFolder.left(of: 99), to: "\(root)/v1m/\(name)/labels_rgb/clip_\(number).png") }
            }
            let question = ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--limit", "1"]
            let alone = try await evaluate(three, question).splits[0].clips[0]
            #expect(alone.frames == 3 && alone.cut_frames == 2)
            let both = try await evaluate(three, question + ["--other-model", HearingModels.five()]).splits[0].clips[0]
            #expect(both.frames == 5 && both.cut_frames == 0 && both.padded_frames == 0 && both.padded_audio_rows == 0)
            let stranger = try await HearingModels.five(Checkpoints.fuserFile(metadata: ["made": "again"]))
            let refused = try await HearingModels.run("evaluate", on: three, question + ["--other-model", stranger])
            expectFailure(refused, 64, naming: stranger, "not of the same fuser")
        }

        @Test("A model of the other kind is refused with what to do", .timeLimit(.minutes(4)))
        func otherModel() async throws {
            let root = try DatasetFolder.refAVS()
            for (clip, object) in [("dogs", 1), ("band", 2)] {
                for number in 0..<2 { try ClipFolder.write(DatasetFolder.left(of: 9), to: "\(root)/gt_mask/\(clip)/fid_\(object)/0000\(number).png") }
            }
            let deaf = try await HearingModels.run("evaluate", on: HearingModels.avs(), ["--dataset", "ref-avs", "--root", root])
            expectFailure(deaf, 64, naming: "takes no words", "Ref-AVS fuser")
            let file = Fixtures.path("no") + "/scores.json"
            let unwritable = try await AuraldProcess.run(
                ["evaluate", "--model", try await HearingModels.refAVS(), "--dataset", "ref-avs", "--root", root, "--json", file])
            expectFailure(unwritable, 73, naming: file)
        }
    }
}
