import AuralInference
import AuralNetworks
import Foundation
import Testing

extension EndToEnd {
    /// `aurald import` of fusers that take words.
    @Suite struct TextImportTests {
        private func run(_ fuser: String, to output: String, _ more: String...) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(Checkpoints.sam2().importing(to: output, ["--fuser", fuser] + more))
        }

        @Test("A Ref-AVS fuser and a text encoder's folder make a model that takes words", .timeLimit(.minutes(4)))
        func whole() async throws {
            let (fuser, output) = (try Checkpoints.fuserFile(Checkpoints.fuserWithText), Fixtures.path("model"))
            let outcome = try await run(fuser, to: output, "--text", try Checkpoints.textFolder())
            #expect(outcome.status == 0)
            #expect(outcome.errors.hasPrefix("aurald: auralsam2 fuser, T = 10, audio and text (Ref-AVS), width 128; "), "\(outcome.errors)")
            #expect(outcome.output == "\(output): sam2_small at 256 px, auralsam2 fuser, text encoder\n")
            let manifest = try HearingModels.manifest(output)
            #expect(manifest.text?.recipe == Checkpoints.textEncoder && manifest.text?.source.file == "model.safetensors")
            for name in ["vocab.json", "merges.txt"] {
                let original = Fixtures.root.appending(path: "Tests/Golden/text/\(name)").path
                #expect(FileManager.default.contentsEqual(atPath: "\(output)/\(name)", andPath: original))
            }
        }

        @Test("Where a full file has the text encoder, the folder needs only the tokenizer", .timeLimit(.minutes(4)))
        func own() async throws {
            let text = Dictionary(uniqueKeysWithValues: Checkpoints.textShapes.map { ("t_model.\($0.key)", $0.value) })
            let full = try Checkpoints.fuserFile(Checkpoints.fuserWithText, renamed: { "aural_fuser.\($0)" }, beside: text)
            let output = Fixtures.path("model")
            let outcome = try await run(full, to: output, "--text", try Checkpoints.textFolder(without: ["model.safetensors"]), "--clip-frames", "2")
            #expect(outcome.status == 0 && outcome.errors.contains("a full file with a text encoder"), "\(outcome.errors)")
            let bare = try await run(full, to: Fixtures.path("model"))
            #expect(bare.status == 0 && bare.errors.contains("a text encoder without vocab.json and merges.txt"), "\(bare.errors)")
            // The same weights by the other way.
            #expect(try HearingModels.manifest(output).weights == HearingModels.manifest(try await HearingModels.refAVS()).weights)
        }

        @Test("Without --text the import says what the model will lack, and the model says it again", .timeLimit(.minutes(4)))
        func none() async throws {
            let (fuser, output) = (try Checkpoints.fuserFile(Checkpoints.fuserWithText), Fixtures.path("model"))
            let outcome = try await run(fuser, to: output)
            #expect(outcome.status == 0)
            #expect(outcome.errors.hasSuffix("aurald: no text encoder: the model will take no expressions; give --text FOLDER\n"))
            #expect(try HearingModels.manifest(output).text == nil)
            let clip = try ClipFolder.make(frames: 1, seconds: 1)
            let later = try await AuraldProcess.run(["avs", "--model", output, "--clip", clip, "--expression", "the dog"])
            expectFailure(later, 64, naming: output, "no text encoder", "--text FOLDER")
        }

        @Test(
            "A folder that lacks a file is refused with the file's name", .timeLimit(.minutes(4)),
            arguments: ["vocab.json", "merges.txt", "model.safetensors"])
        func incomplete(name: String) async throws {
            let (folder, output) = (try Checkpoints.textFolder(without: [name]), Fixtures.path("model"))
            let outcome = try await run(try Checkpoints.fuserFile(Checkpoints.fuserWithText), to: output, "--text", folder)
            #expect(outcome.status == 66 && outcome.output == "")
            let line = try #require(outcome.errors.split(separator: "\n").last)
            #expect(line.hasPrefix("aurald: error: \(folder): \(name)") && line.contains("is missing; copy the whole folder"), "\(line)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }

        @Test("Files that are broken or of another model are refused with their names", .timeLimit(.minutes(4)))
        func broken() async throws {
            let fuser = try Checkpoints.fuserFile(Checkpoints.fuserWithText)
            var narrow = Checkpoints.textEncoder
            narrow.width = 32
            let cases: [(name: String, contents: String, recipe: TextEncoderRecipe, words: String)] = [
                ("vocab.json", "{\"<s>\": 0", Checkpoints.textEncoder, "vocab.json"),
                ("merges.txt", "one\n", Checkpoints.textEncoder, "merges.txt"),
                ("config.json", #"{"model_type": "bert"}"#, Checkpoints.textEncoder, "config.json: key model_type is bert"),
                ("config.json", #"{"model_type": "roberta"}"#, narrow, "text encoder of width 32"),
                ("model.safetensors", "Dear reader", Checkpoints.textEncoder, "model.safetensors"),
            ]
            for one in cases {
                let (folder, output) = (try Checkpoints.textFolder(one.recipe), Fixtures.path("model"))
                try Data(one.contents.utf8).write(to: URL(filePath: "\(folder)/\(one.name)"))
                let outcome = try await run(fuser, to: output, "--text", folder)
                #expect(outcome.status == 65 && outcome.output == "", "\(outcome.errors)")
                let line = try #require(outcome.errors.split(separator: "\n").last)
                #expect(line.hasPrefix("aurald: error: ") && line.contains(one.words), "\(line)")
                #expect(!FileManager.default.fileExists(atPath: output))
            }
        }

        @Test("Words for a fuser that takes none are refused", .timeLimit(.minutes(4)))
        func superfluous() async throws {
            let outcome = try await run(try Checkpoints.fuserFile(), to: Fixtures.path("model"), "--text", try Checkpoints.textFolder())
            #expect(outcome.status == 64 && outcome.errors.contains("no fuser that takes words; leave --text out"), "\(outcome.errors)")
        }
    }
}
