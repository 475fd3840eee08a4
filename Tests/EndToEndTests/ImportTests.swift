import AuralInference
import AuralNetworks
import Foundation
import Testing

extension EndToEnd {
    @Suite struct ImportTests {
        @Test("The same import gives the same bytes in every file, and bundle.json describes them", .timeLimit(.minutes(4)))
        func reproducible() async throws {
            let first = try await Fixtures.model()
            let second = Fixtures.path("model")
            let outcome = try await AuraldProcess.run(Fixtures.untrained(to: second))
            #expect(outcome.status == 0)
            #expect(outcome.output == "\(second): sam2.1_hiera_tiny at 256 px, untrained: its masks mean nothing\n")
            let names = try FileManager.default.contentsOfDirectory(atPath: first).sorted()
            #expect(try FileManager.default.contentsOfDirectory(atPath: second).sorted() == names)
            for name in names {
                #expect(FileManager.default.contentsEqual(atPath: "\(first)/\(name)", andPath: "\(second)/\(name)"), "\(name)")
            }

            let manifest = try JSONDecoder().decode(BundleManifest.self, from: Data(Fixtures.bytes("\(second)/bundle.json")))
            #expect(manifest.format == 2)
            #expect(manifest.network.name == "sam2.1_hiera_tiny")
            #expect(manifest.imageSize == 256)
            #expect(!manifest.isTrained)
            #expect(manifest.source == BundleManifest.Source(file: "synthetic", sha256: ""))
            #expect(Set(manifest.stages.keys) == Set(StageName.sam2.map(\.rawValue)))
            let files = [manifest.weights] + manifest.stages.values
            #expect(Set(files.map(\.name) + ["bundle.json"]) == Set(names))
            for file in files { #expect(try Data(contentsOf: URL(filePath: "\(second)/\(file.name)")).count == file.bytes) }
        }

        @Test("An import into a bundle's folder replaces it, and leaves nothing beside it", .timeLimit(.minutes(4)))
        func replaces() async throws {
            let path = try await Fixtures.modelCopy()
            let outcome = try await AuraldProcess.run(Fixtures.untrained(to: path, imageSize: 288) + ["--json"])
            let entry = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
            #expect(outcome.status == 0 && entry?["path"] as? String == path && entry?["image_size"] as? Int == 288, "\(outcome.output)")
            let manifest = try JSONDecoder().decode(BundleManifest.self, from: Data(Fixtures.bytes("\(path)/bundle.json")))
            #expect(manifest.imageSize == 288)
            let parent = URL(filePath: path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: parent) == ["model"])
        }

        @Test("Progress is shown on a terminal and nowhere else", .timeLimit(.minutes(4)))
        func progress() async throws {
            let piped = try await AuraldProcess.run(Fixtures.untrained(to: Fixtures.path("model")))
            #expect(piped.errors == "")
            let shown = await (try AuraldProcess(Fixtures.untrained(to: Fixtures.path("model")), errors: .terminal)).finish()
            #expect(shown.status == 0)
            #expect(shown.errors.contains("import [") && shown.errors.contains("image_encoder"))
            #expect(shown.errors.hasSuffix("\r\u{1B}[K"))
        }

        @Test("A network that is not known ends with 64 and lists those that are", .timeLimit(.minutes(4)))
        func unknownNetwork() async throws {
            let path = Fixtures.path("model")
            let outcome = try await AuraldProcess.run(["import", "--untrained", "sam3", "--output", path])
            expectFailure(outcome, 64, naming: "--untrained sam3", "sam2.1_hiera_tiny", "sam2_hiera_large")
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("An image size that the networks cannot take ends with 64", .timeLimit(.minutes(4)), arguments: [250, 100, 2048, 0, -256])
        func imageSize(size: Int) async throws {
            let path = Fixtures.path("model")
            let outcome = try await AuraldProcess.run(
                ["import", "--untrained", "sam2.1_hiera_tiny", "--image-size=\(size)", "--output", path])
            expectFailure(outcome, 64, naming: "image size \(size)", "multiple of 32")
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("8-bit integers and a clip to calibrate with go together, and a clip that is not there is named", .timeLimit(.minutes(4)))
        func calibration() async throws {
            let path = Fixtures.path("model")
            let plain = Fixtures.untrained(to: path)
            for options in [["--precision", "int8"], ["--calibrate", "clip.avi"], ["--precision", "f32", "--calibrate", "clip.avi"]] {
                let outcome = try await AuraldProcess.run(plain + options)
                #expect(outcome.status == 64 && outcome.errors.contains("--precision int8 and --calibrate CLIP go together"), "\(outcome.errors)")
            }
            let missing = try await AuraldProcess.run(plain + ["--precision", "int8", "--calibrate", "/nowhere/clip.avi"])
            expectFailure(missing, 66, naming: "/nowhere/clip.avi")
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("A folder with other things in it is left as it is", .timeLimit(.minutes(4)))
        func otherThings() async throws {
            let file = try Fixtures.file("letter.txt", "Dear reader".utf8)
            let folder = URL(filePath: file).deletingLastPathComponent().path
            expectFailure(try await AuraldProcess.run(Fixtures.untrained(to: folder)), 73, naming: folder)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["letter.txt"])
        }

        @Test("A place where no folder can be ends with 73", .timeLimit(.minutes(4)))
        func noPlace() async throws {
            let file = try Fixtures.file("letter.txt", "Dear reader".utf8)
            for path in [file, file + "/model"] {
                expectFailure(try await AuraldProcess.run(Fixtures.untrained(to: path)), 73, naming: file)
            }
            #expect(try Fixtures.bytes(file) == Array("Dear reader".utf8))
        }

        @Test(
            "What is no SAM 2 checkpoint is refused in one line that names the file", .timeLimit(.minutes(4)),
            arguments: [
                ("missing.pt", 66, "no such file"),
                ("letter.txt", 65, "neither a safetensors file nor a PyTorch checkpoint"),
                ("empty.pt", 65, "empty"),
                ("truncated.pt", 65, "cut short"),
                ("model.pt", 65, "no SAM 2 network"),
                ("plain.safetensors", 65, "no SAM 2 network"),
                ("legacy.pt", 65, "before 1.6"),
                ("bare.pkl", 65, "bare pickle"),
                ("hostile.pt", 65, "posix.system"),
            ] as [(String, Int32, String)])
        func badCheckpoint(name: String, status: Int32, reason: String) async throws {
            let path =
                switch name {
                case "missing.pt": Fixtures.path(name)
                case "letter.txt": try Fixtures.file(name, "Dear reader,\nthis is no checkpoint.\n".utf8)
                case "empty.pt": try Fixtures.file(name, [])
                case "truncated.pt": try Fixtures.file(name, Fixtures.bytes(Fixtures.checkpoint("model.pt")).dropLast(100))
                default: Fixtures.checkpoint(name)
                }
            let output = Fixtures.path("model")
            let outcome = try await AuraldProcess.run(["import", "--sam2", path, "--image-size", "256", "--output", output])
            expectFailure(outcome, status, naming: name, reason)
            #expect(!FileManager.default.fileExists(atPath: output))
        }
    }
}
