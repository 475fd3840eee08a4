import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

extension EndToEnd {
    @Suite struct FuserImportTests {
        /// Imports the small SAM 2 with a fuser's file.
        private func run(_ fuser: String, to output: String, _ more: String...) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(Checkpoints.sam2().importing(to: output, ["--fuser", fuser] + more))
        }

        @Test("However a file writes the fuser's names, the bundle is the same, and what was found is said", .timeLimit(.minutes(4)))
        func forms() async throws {
            let dead = FuserFixture.shapes(Checkpoints.fuser).keys.count { FuserRecipe.isDead($0) }
            let kind = "aurald: auralsam2 fuser, T = 5, audio only (AVS), width 128; "
            let dropped = "dropped: \(dead) dead tensors"
            let vision = Dictionary(uniqueKeysWithValues: try Checkpoints.sam2().shapes.map { ("v_model.\($0.key)", $0.value) })
            let forms: [(path: String, found: String)] = [
                (try Checkpoints.fuserFile(), "a fuser-only file, current names; \(dropped)"),
                (
                    try Checkpoints.fuserFile(renamed: { "audio_prompter." + FuserFixture.legacy($0) }, beside: ["optimizer.step": [1]]),
                    "a fuser-only file, legacy names under audio_prompter.; \(dropped), 1 unknown"
                ),
                (
                    try Checkpoints.fuserFile(renamed: { "aural_fuser." + FuserFixture.numbered($0) }),
                    "a fuser-only file, numbered legacy names under aural_fuser.; \(dropped)"
                ),
                (
                    try Checkpoints.fuserFile(renamed: { "aural_fuser." + $0 }, beside: vision),
                    "a full file with SAM 2, current names under aural_fuser.; \(dropped)"
                ),
            ]
            var first: BundleManifest?
            for (path, found) in forms {
                let output = Fixtures.path("model")
                let outcome = try await run(path, to: output)
                #expect(outcome.status == 0)
                #expect(outcome.errors.split(separator: "\n").first.map(String.init) == kind + found, "\(outcome.errors)")
                #expect(outcome.output == "\(output): sam2_small at 256 px, auralsam2 fuser\n")
                let manifest = try HearingModels.manifest(output)
                #expect(manifest.isTrained && manifest.fuser?.source.file == "fuser.safetensors" && manifest.fuser?.source.sha256.count == 64)
                #expect(manifest.source.file == "sam2_small.safetensors")
                first = first ?? manifest
                #expect(manifest.weights == first?.weights && manifest.stages == first?.stages)
            }
            #expect(first?.stages["fuser"] != nil && first?.stages["vggish"] != nil && first?.fuser?.recipe.frames == 5)
        }

        @Test("A full file needs no SAM 2 beside it; where one is given all the same, the output says which counts", .timeLimit(.minutes(4)))
        func full() async throws {
            let sam2 = try Checkpoints.sam2()
            let vision = Dictionary(uniqueKeysWithValues: sam2.shapes.map { ("v_model.\($0.key)", $0.value) })
            let file = try Checkpoints.fuserFile(renamed: { "aural_fuser." + $0 }, beside: vision)
            let (alone, both) = (Fixtures.path("model"), Fixtures.path("model"))
            let rest = ["--recipe", sam2.recipe, "--image-size", "256", "--output", alone]
            let outcome = try await AuraldProcess.run(["import", "--fuser", file] + rest)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output == "\(alone): sam2_small at 256 px, auralsam2 fuser\n")
            let twice = try await run(file, to: both)
            #expect(twice.status == 0 && twice.errors.contains("its own SAM 2 is left out, --sam2 counts"), "\(twice.errors)")
            let manifests = try (HearingModels.manifest(alone), HearingModels.manifest(both))
            #expect(manifests.0.weights == manifests.1.weights && manifests.0.source.file == "fuser.safetensors")
        }

        @Test("A full file that tells its plan and size needs no options, and a plan that is odd is named", .timeLimit(.minutes(4)))
        func notes() async throws {
            let sam2 = try Checkpoints.sam2()
            let vision = Dictionary(uniqueKeysWithValues: sam2.shapes.map { ("v_model.\($0.key)", $0.value) })
            let plan = String(decoding: try Fixtures.bytes(sam2.recipe), as: UTF8.self)
            func importing(_ plan: String, to output: String) async throws -> AuraldProcess.Outcome {
                let notes = ["network": plan, "image_size": "320"]
                let file = try Checkpoints.fuserFile(renamed: { "aural_fuser." + $0 }, beside: vision, metadata: notes)
                return try await AuraldProcess.run(["import", "--fuser", file, "--output", output])
            }
            let output = Fixtures.path("model")
            let outcome = try await importing(plan, to: output)
            #expect(outcome.status == 0 && outcome.output == "\(output): sam2_small at 320 px, auralsam2 fuser\n", "\(outcome)")
            let odd = try await importing(plan.replacing("decoderHeads", with: "heads"), to: Fixtures.path("model"))
            #expect(odd.status == 65 && odd.output == "")
            #expect(odd.errors.hasSuffix("aurald: error: fuser.safetensors: metadata network: key decoderHeads is missing\n"), "\(odd.errors)")
        }

        @Test("Any tensor that is missing is named, and no bundle is left", .timeLimit(.minutes(4)))
        func missing() async throws {
            for name in ["patch_embeds.0.weight", "vgg.features.3.bias", "f_blocks.2.1.attn.kv.weight", "fusion_modules.1.W_z.1.running_var"] {
                let output = Fixtures.path("model")
                let outcome = try await run(try Checkpoints.fuserFile(without: [name]), to: output)
                expectFailure(outcome, 65, naming: "fuser.safetensors", "key \(name) of the fuser is missing", "incomplete")
                #expect(!FileManager.default.fileExists(atPath: output))
            }
        }

        @Test("A fuser without its SAM 2, and files that were mixed up, are refused with what to do", .timeLimit(.minutes(4)))
        func mixedUp() async throws {
            let (fuser, sam2, output) = (try Checkpoints.fuserFile(), try Checkpoints.sam2(), Fixtures.path("model"))
            let alone = try await AuraldProcess.run(["import", "--fuser", fuser, "--output", output])
            #expect(alone.status == 64 && alone.output == "")
            #expect(alone.errors.contains("a fuser without its SAM 2; give --sam2 too"), "\(alone.errors)")
            expectFailure(try await run(sam2.path, to: output), 65, naming: "no AuralFuser", "this is SAM 2 itself, give it as --sam2")
            let swapped = try await AuraldProcess.run(["import", "--sam2", fuser, "--output", output])
            expectFailure(swapped, 65, naming: "fuser.safetensors", "no SAM 2 network", "this is a fuser, give it as --fuser")
            let narrow = try await run(try Checkpoints.fuserFile(FuserFixture.recipe), to: output)
            #expect(narrow.status == 65 && narrow.errors.contains("fuser of width 12"), "\(narrow.errors)")
            expectFailure(try await run(Fixtures.path("no.pth"), to: output), 66, naming: "no.pth", "no such file")
            #expect(!FileManager.default.fileExists(atPath: output))
        }

        @Test("SAM 2.1 under a released fuser is refused with the reason, unless --allow-mismatch insists", .timeLimit(.minutes(4)))
        func mismatch() async throws {
            let (fuser, output) = (try Checkpoints.fuserFile(), Fixtures.path("model"))
            let command = try Checkpoints.sam21().importing(to: output, ["--fuser", fuser])
            let refused = try await AuraldProcess.run(command)
            #expect(refused.status == 65 && refused.output == "")
            let line = try #require(refused.errors.split(separator: "\n").last)
            #expect(line.hasPrefix("aurald: error: sam2.1_small: the released fusers were trained on SAM 2.0"), "\(line)")
            #expect(line.contains("--allow-mismatch"))
            #expect(!FileManager.default.fileExists(atPath: output))
            let insisting = try await AuraldProcess.run(command + ["--allow-mismatch"])
            #expect(insisting.status == 0 && insisting.errors.contains("sam2.1_small under a fuser that was trained on SAM 2.0"))
            #expect(try HearingModels.manifest(output).fuser != nil)
            // What was trained on anything is not ours to judge.
            let online = try await AuraldProcess.run(try Checkpoints.sam21().importing(to: output, ["--fuser", fuser, "--fuser-variant", "online"]))
            #expect(online.status == 0 && online.output.contains("online fuser"), "\(online.errors)")
        }
    }
}
