import AuralInference
import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// The options of `aurald import` that say what a fuser is, or make one.
    @Suite struct FuserOptionTests {
        @Test("The variant and the length come from the options, else from the file", .timeLimit(.minutes(4)))
        func variant() async throws {
            let plain = try Checkpoints.fuserFile()
            let noted = try Checkpoints.fuserFile(metadata: ["fuser.variant": "online", "fuser.history": "6"])
            let cases: [(file: String, more: [String], says: String, variant: FuserVariant, frames: Int)] = [
                (plain, ["--fuser-variant", "online"], "online fuser, history of 8 s", .online, 1),
                (noted, [], "online fuser, history of 6 s", .online, 1),
                (noted, ["--fuser-variant", "auralsam2"], "auralsam2 fuser, T = 5", .auralsam2, 5),
                (plain, ["--clip-frames", "10"], "auralsam2 fuser, T = 10", .auralsam2, 10),
            ]
            for one in cases {
                let output = Fixtures.path("model")
                let outcome = try await AuraldProcess.run(Checkpoints.sam2().importing(to: output, ["--fuser", one.file] + one.more))
                #expect(outcome.status == 0 && outcome.errors.hasPrefix("aurald: \(one.says), audio only (AVS)"), "\(outcome.errors)")
                let recipe = try #require(try HearingModels.manifest(output).fuser?.recipe)
                #expect(recipe.variant == one.variant && recipe.frames == one.frames)
            }
        }

        @Test(
            "A fuser that nobody trained stands on any SAM 2 that nobody trained", .timeLimit(.minutes(4)),
            arguments: [("avs", 5), ("ref-avs", 10), ("online", 1)])
        func untrained(kind: String, frames: Int) async throws {
            let output = Fixtures.path("model")
            defer { try? FileManager.default.removeItem(atPath: output) }
            let outcome = try await AuraldProcess.run(
                ["import", "--untrained", "sam2.1_hiera_tiny", "--untrained-fuser", kind, "--image-size", "256", "--output", output])
            let name = kind == "online" ? "online" : "auralsam2"
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "\(output): sam2.1_hiera_tiny at 256 px, \(name) fuser, untrained: its masks mean nothing\n")
            #expect(outcome.errors.contains("no text encoder") == (kind == "ref-avs"), "\(outcome.errors)")
            let manifest = try HearingModels.manifest(output)
            let recipe = try #require(manifest.fuser?.recipe)
            #expect(recipe.frames == frames && recipe.hasText == (kind == "ref-avs") && recipe.variant.rawValue == name && !manifest.isTrained)
        }

        @Test("--text gives a fuser that nobody trained its words", .timeLimit(.minutes(4)))
        func untrainedWords() async throws {
            var recipe = TextEncoderRecipe.distilroberta
            (recipe.layers, recipe.hidden, recipe.vocabulary) = (1, 64, 1500)
            let output = Fixtures.path("model")
            defer { try? FileManager.default.removeItem(atPath: output) }
            let command = ["import", "--untrained", "sam2_hiera_tiny", "--untrained-fuser", "ref-avs", "--image-size", "256", "--output", output]
            let outcome = try await AuraldProcess.run(command + ["--text", try Checkpoints.textFolder(recipe)])
            #expect(outcome.status == 0 && outcome.errors == "" && outcome.output.contains("fuser, text encoder, untrained"), "\(outcome)")
            #expect(try HearingModels.manifest(output).text?.recipe == recipe)
        }

        @Test("--clip-frames is for fusers that nobody trained too, and such a model segments a clip", .timeLimit(.minutes(4)))
        func untrainedClip() async throws {
            let output = Fixtures.path("model")
            defer { try? FileManager.default.removeItem(atPath: output) }
            let made = try await AuraldProcess.run(
                [
                    "import", "--untrained", "sam2_hiera_tiny", "--untrained-fuser", "avs", "--clip-frames", "2", "--image-size", "256", "--output",
                    output,
                ])
            #expect(made.status == 0, "\(made.errors)")
            #expect(try HearingModels.manifest(output).fuser?.recipe.frames == 2)
            let clip = try ClipFolder.make(frames: 2, seconds: 2)
            let outcome = try await AuraldProcess.run(["avs", "--model", output, "--clip", clip])
            #expect(outcome.status == 0)
            #expect(outcome.errors == "aurald: these weights are untrained, the masks mean nothing\naurald: 2 frames\n")
            #expect(try frames(outcome).map(\.objects.count) == [1, 1])
        }

        @Test(
            "Options that would change nothing, or that no network can take, end with 64", .timeLimit(.minutes(4)),
            arguments: [
                (["--untrained", "sam2_hiera_tiny", "--fuser", "f.pth"], "--untrained-fuser"),
                (["--untrained", "sam2_hiera_tiny", "--text", "d"], "--text"),
                (["--untrained", "sam2_hiera_tiny", "--clip-frames", "2"], "--clip-frames"),
                (["--untrained", "sam2_hiera_tiny", "--recipe", "r.json"], "--recipe"),
                (["--untrained", "sam2_hiera_tiny", "--untrained-fuser", "avs", "--fuser-variant", "online"], "--fuser-variant"),
                (["--untrained", "sam2_hiera_tiny", "--untrained-fuser", "online", "--clip-frames", "5"], "--clip-frames"),
                (["--untrained", "sam2_hiera_tiny", "--untrained-fuser", "loud"], "--untrained-fuser"),
                (["--sam2", "s.pt", "--untrained-fuser", "avs"], "--untrained-fuser"),
                (["--sam2", "s.pt", "--text", "d"], "--text"),
                (["--sam2", "s.pt", "--clip-frames", "5"], "--clip-frames"),
                (["--sam2", "s.pt", "--fuser-variant", "online"], "--fuser-variant"),
                (["--sam2", "s.pt", "--allow-mismatch"], "--allow-mismatch"),
                (["--sam2", "s.pt", "--fuser", "f.pth", "--fuser-variant", "paper"], "--fuser-variant"),
                (["--sam2", "s.pt", "--fuser", "f.pth", "--clip-frames", "0"], "--clip-frames"),
                (["--sam2", "s.pt", "--fuser", "f.pth", "--clip-frames", "65"], "--clip-frames"),
                (["--sam2", "s.pt", "--fuser", "f.pth", "--clip-frames", "5", "--fuser-variant", "online"], "--clip-frames"),
            ] as [([String], String)])
        func misuse(options: [String], named: String) async throws {
            let output = Fixtures.path("model")
            let outcome = try await AuraldProcess.run(["import"] + options + ["--output", output])
            #expect(outcome.status == 64 && outcome.output == "", "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").first?.contains(named) == true, "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}
