import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite(.serialized, .networks) struct ModelBundleTests {
    private let files = FileManager.default

    /// A copy of the small network's bundle, to be spoilt.
    private func copy(_ name: String) throws -> URL {
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        let target = TestBundle.directory.appending(path: "copy-\(name)")
        try? files.removeItem(at: target)
        try files.copyItem(at: URL(filePath: bundle.directory), to: target)
        return target
    }

    private func change(_ folder: URL, _ body: (inout [String: Any]) -> Void) throws {
        let path = folder.appending(path: "bundle.json")
        var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
        body(&object)
        try JSONSerialization.data(withJSONObject: object).write(to: path)
    }

    private func expectError(_ folder: URL, naming parts: String...) {
        let error = #expect(throws: BundleError.self) { try ModelBundle(directory: folder.path) }
        for part in parts { #expect(error?.description.contains(part) == true, "\(part) in: \(error?.description ?? "")") }
    }

    @Test("a bundle that is written opens, and says what was written")
    func opens() throws {
        let bundle = try ModelBundle(directory: copy("whole").path)
        #expect(bundle.manifest.network == TestBundle.smallRecipe)
        #expect(bundle.manifest.imageSize == 256)
        #expect(!bundle.manifest.isTrained)
        #expect(try bundle.constants == ModelConstants(SyntheticWeights(), TestBundle.smallRecipe))
        for stage in StageName.sam2 { #expect(files.fileExists(atPath: bundle.path(of: stage))) }
    }

    @Test("the same input gives the same bytes, and takes the place of an older bundle")
    func reproducible() throws {
        let first = try copy("first")
        let second = TestBundle.directory.appending(path: "second")
        var steps: [Int] = []
        for _ in 0..<2 {
            try BundleWriter(TestBundle.smallRecipe, imageSize: 256, weights: SyntheticWeights()).write(
                to: second.path, source: BundleManifest.Source(file: "synthetic", sha256: ""), isTrained: false
            ) { step, total, _ in
                #expect(total == StageName.sam2.count + 1)
                steps.append(step)
            }
        }
        let names = try files.contentsOfDirectory(atPath: first.path).sorted()
        #expect(names == (StageName.sam2.map { "\($0.rawValue).onnx" } + ["bundle.json", "weights.bin"]).sorted())
        #expect(try files.contentsOfDirectory(atPath: second.path).sorted() == names)
        for name in names {
            #expect(files.contentsEqual(atPath: first.appending(path: name).path, andPath: second.appending(path: name).path), "\(name)")
        }
        let once = Array(0...(StageName.sam2.count + 1))
        #expect(steps == once + once)
    }

    @Test("a folder without a bundle is refused, and one with other things in it is not overwritten")
    func folders() throws {
        let other = try TestBundle.folder("other-things")
        try Data("mine".utf8).write(to: other.appending(path: "notes.txt"))
        let error = #expect(throws: BundleError.self) { try ModelBundle(directory: other.path) }
        #expect(error?.exitStatus == .noInput)
        let writer = try BundleWriter(TestBundle.smallRecipe, imageSize: 256, weights: SyntheticWeights())
        #expect(throws: BundleError.self) {
            try writer.write(to: other.path, source: BundleManifest.Source(file: "", sha256: ""), isTrained: false)
        }
        #expect(try files.contentsOfDirectory(atPath: other.path) == ["notes.txt"])
        #expect(try !files.contentsOfDirectory(atPath: TestBundle.directory.path).contains { $0.hasSuffix(".part") })
    }

    @Test("an image size that the networks cannot take is refused", arguments: [0, -32, 224, 500, 1056, .max, .min])
    func sizes(_ size: Int) {
        let error = #expect(throws: BundleError.self) { try BundleWriter(TestBundle.smallRecipe, imageSize: size, weights: SyntheticWeights()) }
        #expect(error?.exitStatus == .usage)
    }

    @Test("a bundle of another version, a broken or an incomplete description is refused with the key")
    func descriptions() throws {
        let folder = try copy("description")
        let path = folder.appending(path: "bundle.json")
        let whole = try Data(contentsOf: path)
        func spoil(_ parts: String..., change body: (inout [String: Any]) -> Void) throws {
            try whole.write(to: path)
            try change(folder, body)
            let error = #expect(throws: BundleError.self) { try ModelBundle(directory: folder.path) }
            for part in ["bundle.json"] + parts { #expect(error?.description.contains(part) == true, "\(part) in: \(error?.description ?? "")") }
        }
        try spoil("format is 1", "import the model again") { $0["format"] = 1 }
        try spoil("format") { $0["format"] = nil }
        try spoil("weights is missing") { $0["weights"] = nil }
        try spoil("imageSize") { $0["imageSize"] = "large" }
        try spoil("stages.mask_decoder") { object in
            var stages = object["stages"] as? [String: Any]
            stages?["mask_decoder"] = nil
            object["stages"] = stages
        }
        try spoil("network.memoryWidth") { object in
            var network = object["network"] as? [String: Any]
            network?["memoryWidth"] = nil
            object["network"] = network
        }
        try spoil("decoderHeads") { object in
            var network = object["network"] as? [String: Any]
            network?["decoderHeads"] = 7
            object["network"] = network
        }
        for offset in [-4, Int.max, Int.max - 100, 1 << 40] {
            try whole.write(to: path)
            try change(folder) { object in
                var constants = object["constants"] as? [String: [String: Any]]
                constants?["no_mem_embed"]?["offset"] = offset
                object["constants"] = constants
            }
            // Beyond the file's end, it is the weights that look cut short.
            expectError(folder, naming: offset == 1 << 40 ? "weights.bin" : "constants.no_mem_embed")
        }
        try spoil("constants.no_obj_ptr") { object in
            var constants = object["constants"] as? [String: Any]
            constants?["no_obj_ptr"] = nil
            object["constants"] = constants
        }
        try Data(whole.prefix(whole.count / 2)).write(to: path)
        expectError(folder, naming: "bundle.json")
    }

    @Test("an image size in the description that no graph has is refused", arguments: [0, -512, 100, .max])
    func describedSize(_ size: Int) throws {
        let folder = try copy("size")
        try change(folder) { $0["imageSize"] = size }
        expectError(folder, naming: "bundle.json", "imageSize")
    }

    @Test(
        "a file that is missing, changed or of another size is refused with its name",
        arguments: ["weights.bin", "image_encoder.onnx", "memory_attention.onnx"])
    func damaged(_ name: String) throws {
        let folder = try copy("damaged")
        let path = folder.appending(path: name)
        var bytes = try Data(contentsOf: path)
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: path)
        expectError(folder, naming: name, "sha256")
        try bytes.dropLast().write(to: path)
        expectError(folder, naming: name, "\(bytes.count - 1) bytes")
        try files.removeItem(at: path)
        expectError(folder, naming: name)
    }

    @Test("a file name that leaves the bundle is refused", arguments: ["../weights.bin", "/etc/passwd", "..", "", "sub/weights.bin"])
    func escapes(_ name: String) throws {
        let folder = try copy("escape")
        try change(folder) { object in
            var weights = object["weights"] as? [String: Any]
            weights?["name"] = name
            object["weights"] = weights
        }
        expectError(folder, naming: "bundle.json", "leaves the bundle")
    }
}
