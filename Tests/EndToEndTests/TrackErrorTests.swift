import Foundation
import Testing

extension EndToEnd {
    @Suite struct TrackErrorTests {
        @Test(
            "A prompt that is wrong ends with 65 and says where", .timeLimit(.minutes(4)),
            arguments: [
                ("[{", "not a JSON array"),
                ("[]", "no prompts"),
                ("[1]", "not a JSON array of objects"),
                (#"[{"object_id":1,"box":[0.1,0.1,0.5,0.5]}]"#, "entry 0: frame"),
                (#"[{"frame":-1,"object_id":1,"box":[0.1,0.1,0.5,0.5]}]"#, "entry 0: frame"),
                (#"[{"frame":0,"object_id":1,"box":[0.1,0.1,1.5,0.5]}]"#, "box must be within 0…1"),
                (#"[{"frame":0,"object_id":1,"points":[[0.5,-0.1]],"labels":[1]}]"#, "points[0] must be within 0…1"),
                (#"[{"frame":0,"object_id":1,"box":[0.5,0.5,0.1,0.1]}]"#, "left < right"),
                (#"[{"frame":0,"object_id":1,"bx":[0.1,0.1,0.5,0.5]}]"#, "bx"),
                (#"[{"frame":0,"object_id":1,"mask":{"size":[480,640],"counts":"0"}}]"#, "mask"),
            ])
        func badPrompt(prompt: String, reason: String) async throws {
            expectFailure(try await TrackTests.track(prompt: prompt), 65, naming: "--prompt", reason)
            let file = try Fixtures.file("prompts.json", prompt.utf8)
            expectFailure(try await TrackTests.track(prompt: file), 65, naming: file, reason)
        }

        @Test("A model that does not hear has no object 0, and needs prompts", .timeLimit(.minutes(4)))
        func deaf() async throws {
            let prompted = try await TrackTests.track(prompt: #"[{"frame":0,"object_id":0,"box":[0.1,0.1,0.5,0.5]}]"#)
            expectFailure(prompted, 65, naming: "frame 0, object_id 0", "the model has no fuser")
            let silent = try await AuraldProcess.run(["track", "--model", try await Fixtures.model(), "--video", Fixtures.clip])
            expectFailure(silent, 64, naming: "--prompt", "a model that hears, and --audio")
        }

        @Test("A prompt for a frame that the clip does not have ends with 65", .timeLimit(.minutes(4)))
        func beyond() async throws {
            let outcome = try await TrackTests.track(prompt: #"[{"frame":10,"object_id":1,"box":[0.1,0.1,0.5,0.5]}]"#)
            #expect(outcome.status == 65)
            #expect(outcome.errors.contains("aurald: error: --prompt: frame 10 is beyond the clip's last frame 9\n"))
        }

        @Test("A prompt file that is missing ends with 66", .timeLimit(.minutes(4)))
        func missingPrompt() async throws {
            let path = Fixtures.path("prompts.json")
            expectFailure(try await TrackTests.track(prompt: path), 66, naming: path, "no such file")
        }

        @Test(
            "A clip that cannot be read ends with its name and the reason", .timeLimit(.minutes(4)),
            arguments: [
                ("missing", 66, "no such file"),
                ("empty folder", 65, "no .jpg, .jpeg or .png file"),
                ("empty file", 65, "empty"),
                ("broken picture", 65, "clip_05.png"),
                ("other size", 65, "frame 1 is"),
                ("header only", 65, "frame"),
            ] as [(String, Int32, String)])
        func badClip(kind: String, status: Int32, reason: String) async throws {
            let path = Fixtures.path("clip")
            switch kind {
            case "empty folder": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            case "empty file": try Data().write(to: URL(filePath: path))
            case "header only": try Data("YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n".utf8).write(to: URL(filePath: path))
            case "broken picture":
                try FileManager.default.copyItem(atPath: Fixtures.clip, toPath: path)
                try Data(Fixtures.bytes(path + "/clip_05.png").prefix(4000)).write(to: URL(filePath: path + "/clip_05.png"))
            case "other size":
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
                let pictures = Fixtures.root.appending(path: "Tests/Golden/inputs")
                for (name, copy) in [("clip_00.png", "0.png"), ("clip_00_resized_bicubic_512.png", "1.png")] {
                    try FileManager.default.copyItem(atPath: pictures.appending(path: name).path, toPath: "\(path)/\(copy)")
                }
            default: break
            }
            let outcome = try await TrackTests.track(path)
            #expect(outcome.status == status, "\(outcome.errors)")
            let line = try #require(outcome.errors.split(separator: "\n").first { $0.hasPrefix("aurald: error: ") })
            #expect(line.contains(path) && line.contains(reason), "\(line)")
        }

        @Test(
            "A file that ffmpeg cannot read either is refused", .timeLimit(.minutes(4)), .enabled(if: Fixtures.hasFFmpeg, "ffmpeg is not installed"))
        func noVideo() async throws {
            let path = try Fixtures.file("clip.mp4", "Dear reader, this is no video.\n".utf8)
            let outcome = try await TrackTests.track(path)
            #expect([65, 69].contains(outcome.status), "\(outcome.errors)")
            expectFailure(outcome, outcome.status, naming: path)
        }

        @Test("Sound that cannot be read ends with its name", .timeLimit(.minutes(4)))
        func badSound() async throws {
            let missing = Fixtures.path("sound.wav")
            expectFailure(try await TrackTests.track(more: ["--audio", missing]), 66, naming: missing)
            let text = try Fixtures.file("sound.wav", "Dear reader".utf8)
            expectFailure(try await TrackTests.track(more: ["--audio", text]), 65, naming: text)
        }

        @Test("An output that cannot be made ends with 73", .timeLimit(.minutes(4)))
        func badOutput() async throws {
            let path = Fixtures.path("no") + "/masks.ndjson"
            expectFailure(try await TrackTests.track(more: ["--output", path]), 73, naming: path)
        }

        @Test("A disk that is full ends with 74", .timeLimit(.minutes(4)))
        func fullDisk() async throws {
            expectFailure(try await TrackTests.track(more: ["--output", "/dev/full"]), 74, naming: "/dev/full", "cannot be written")
        }

        @Test("A reader that goes away early ends the run without a word", .timeLimit(.minutes(4)))
        func closedPipe() async throws {
            let model = try await Fixtures.model()
            let command = "aurald track --model '\(model)' --video '\(Fixtures.clip)' --prompt '\(TrackTests.box)' | head -n 1"
            let outcome = try await AuraldProcess.shell(command)
            #expect(outcome.lines.count == 1)
            #expect(!outcome.errors.contains("error"), "\(outcome.errors)")
        }

        @Test(
            "A bundle that is not whole or not ours is refused, with the file", .timeLimit(.minutes(4)),
            arguments: [
                ("missing", 66, "bundle.json"), ("no JSON", 65, "bundle.json"), ("other format", 65, "key format is 99"),
                ("flipped weights", 65, "weights.bin"), ("cut weights", 65, "weights.bin"), ("flipped stage", 65, "mask_decoder.onnx"),
                ("missing stage", 66, "memory_encoder.onnx"), ("missing key", 65, "imageSize"), ("outside", 65, "../weights.bin"),
            ] as [(String, Int32, String)])
        func badBundle(kind: String, status: Int32, named: String) async throws {
            let path = try await Fixtures.modelCopy()
            let manifest = "\(path)/bundle.json"
            func edit(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
                var bytes = try Fixtures.bytes("\(path)/\(name)")
                change(&bytes)
                try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
            }
            func replace(_ old: String, _ new: String) throws {
                let text = try String(contentsOfFile: manifest, encoding: .utf8)
                try #require(text.contains(old))
                try Data(text.replacing(old, with: new).utf8).write(to: URL(filePath: manifest))
            }
            switch kind {
            case "missing": try FileManager.default.removeItem(atPath: manifest)
            case "no JSON": try edit("bundle.json") { $0.removeLast(20) }
            case "other format": try replace("\"format\" : 2", "\"format\" : 99")
            case "flipped weights": try edit("weights.bin") { $0[$0.count / 2] ^= 1 }
            case "cut weights": try edit("weights.bin") { $0.removeLast() }
            case "flipped stage": try edit("mask_decoder.onnx") { $0[100] ^= 1 }
            case "missing stage": try FileManager.default.removeItem(atPath: "\(path)/memory_encoder.onnx")
            case "missing key": try replace("\"imageSize\"", "\"imageSide\"")
            default: try replace("\"weights.bin\"", "\"../weights.bin\"")
            }
            let outcome = try await AuraldProcess.run(
                ["track", "--model", path, "--video", Fixtures.clip, "--prompt", TrackTests.box])
            expectFailure(outcome, status, naming: path, named)
            try FileManager.default.removeItem(atPath: path)
        }
    }
}
