import AuralCore
import AuralInference
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// The model that comes with aurald, against the masks that PyTorch finds with the same weights (tools/golden/make_shipped.py).
    @Suite struct ShippedModelTests {
        private static let weights = Fixtures.root.appending(path: "Models/stamps-256/stamps-256.safetensors").path
        private static let golden = Fixtures.root.appending(path: "Tests/EndToEndTests/Golden/stamps-256").path

        @Test("The shipped weights are a trained model that hears, and find what they find in PyTorch", .timeLimit(.minutes(6)))
        func shipped() async throws {
            let model = Fixtures.path("model")
            let imported = try await AuraldProcess.run(["import", "--fuser", Self.weights, "--output", model])
            try #require(imported.status == 0, "\(imported.errors)")
            #expect(imported.output == "\(model): stamps-256 at 256 px, online fuser\n")
            #expect(try HearingModels.manifest(model).isTrained)

            let found = try await Self.overlaps(of: model) { number, both, either in
                #expect(either == 0 || Double(both) / Double(either) >= 0.995, "frame \(number): \(both) of \(either) pixels")
            }
            #expect(found >= 2, "the golden masks are empty, and prove nothing")
        }

        @Test("In 8-bit integers, calibrated with other pictures, the shipped model finds nearly the same", .timeLimit(.minutes(6)))
        func quantized() async throws {
            let model = Fixtures.path("model")
            let clip = Fixtures.path("calibration")
            try ClipFolder.fill(clip, frames: 3, from: 1, sound: [])
            let imported = try await AuraldProcess.run([
                "import", "--fuser", Self.weights, "--precision", "int8", "--calibrate", "\(clip)/frames", "--calibration-frames", "3",
                "--output", model,
            ])
            try #require(imported.status == 0, "\(imported.errors)")
            #expect(imported.output == "\(model): stamps-256 at 256 px, int8, online fuser\n")
            #expect(try HearingModels.manifest(model).quantization == BundleManifest.Quantization(clip: "frames", frames: 3))
            let listed = try await AuraldProcess.run(["models", "list", model])
            #expect(listed.output.hasPrefix("\(model): stamps-256 at 256 px, int8, hears (online), "), "\(listed.output)")
            let whole = Fixtures.path("whole")
            _ = try await AuraldProcess.run(["import", "--fuser", Self.weights, "--output", whole])
            let bytes = try [model, whole].map { try HearingModels.manifest($0).weights.bytes }
            #expect(bytes[0] < bytes[1], "\(bytes)")
            let found = try await Self.overlaps(of: model) { number, both, either in
                #expect(either == 0 || Double(both) / Double(either) >= 0.9, "frame \(number): \(both) of \(either) pixels")
            }
            #expect(found >= 2, "the golden masks are empty, and prove nothing")
        }

        @Test("With --windows an object that is small is found where it is without them, and its first frame stays as it is", .timeLimit(.minutes(6)))
        func windows() async throws {
            let model = Fixtures.path("model")
            _ = try await AuraldProcess.run(["import", "--fuser", Self.weights, "--output", model])
            let click = #"[{"frame":0,"object_id":1,"points":[[0.5,0.5]],"labels":[1]}]"#
            func track(_ options: [String] = []) async throws -> [FrameRecord] {
                let outcome = try await AuraldProcess.run(["track", "--model", model, "--video", Fixtures.clip, "--prompt", click] + options)
                #expect(outcome.status == 0, "\(outcome.errors)")
                return try frames(outcome)
            }
            let (whole, inWindows) = (try await track(), try await track(["--windows"]))
            #expect(whole.count == 10 && inWindows.count == 10)
            #expect(inWindows.first?.objects == whole.first?.objects)
            #expect(inWindows.map(\.objects) != whole.map(\.objects), "nothing was followed in a window")
            for (own, other) in zip(inWindows, whole) {
                let (first, second) = (
                    try #require(own.objects.first).mask().decoded().pixels, try #require(other.objects.first).mask().decoded().pixels
                )
                let both = zip(first, second).count { $0 != 0 && $1 != 0 }
                let either = zip(first, second).count { $0 != 0 || $1 != 0 }
                #expect(either > 1000 && both * 10 > either * 9, "frame \(own.sequence): \(both) of \(either) pixels")
            }
        }

        /// Pixels in both and in either of the masks that a model finds and PyTorch's, of each frame; returns how many frames have any.
        private static func overlaps(of model: String, _ check: (Int, Int, Int) -> Void) async throws -> Int {
            let root = Fixtures.path("AVSBench")
            let sound = try Fixtures.bytes(Fixtures.root.appending(path: "Tests/Golden/inputs/a5s.wav").path)
            try ClipFolder.fill("\(root)/v1m/one", frames: 5, sound: sound)
            let empty = [Bool](repeating: false, count: 256 * 256)
            for number in 0..<5 { try ClipFolder.write(empty, to: "\(root)/v1m/one/labels_rgb/clip_\(number).png") }
            try Data("uid,split,label\none,test,v1m\n".utf8).write(to: URL(filePath: "\(root)/metadata.csv"))
            let masks = Fixtures.path("masks")
            let outcome = try await HearingModels.run(
                "evaluate", on: model, ["--dataset", "avsbench", "--root", root, "--subset", "v1m", "--masks", masks])
            try #require(outcome.status == 0, "\(outcome.errors)")

            var found = 0
            for number in 0..<5 {
                let expected = try ClipFolder.mask("\(golden)/mask_\(number).png")
                let mask = try ClipFolder.mask("\(masks)/v1m/one/mask_\(number).png")
                let (both, either) = (zip(mask, expected).count { $0 && $1 }, zip(mask, expected).count { $0 || $1 })
                check(number, both, either)
                found += either > 0 ? 1 : 0
            }
            return found
        }
    }
}
