import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Foundation
import Testing

@Suite(.serialized, .networks) struct CheckpointImportTests {
    @Test("a checkpoint file with the same weights makes the same bundle as the weights themselves", .timeLimit(.minutes(20)))
    func roundTrip() throws {
        let name = "sam2.1_hiera_tiny"
        let shapes = try #require(try ShapeTable.official()[name])
        let weights = SyntheticWeights()
        let path = TestBundle.directory.appending(path: "\(name).safetensors").path
        do {
            var writer = SafetensorsWriter()
            for (key, shape) in shapes { try writer.add(key, shape: shape, values: weights.floats(key, shape: shape)) }
            try writer.write(to: path)
        }
        defer { try? FileManager.default.removeItem(atPath: path) }

        let source = try Checkpoint.open(path)
        let recipe = try NetworkRecipe.detect(in: source)
        #expect(recipe == NetworkRecipe.official(named: name))
        #expect(source.names == shapes.keys.sorted())
        let folder = TestBundle.directory.appending(path: "imported").path
        try BundleWriter(recipe, imageSize: 512, weights: source).write(
            to: folder, source: BundleManifest.Source(file: "\(name).safetensors", sha256: ""), isTrained: true)
        let imported = try ModelBundle(directory: folder)
        let synthetic = try TestBundle.synthetic(name, imageSize: 512)
        #expect(imported.manifest.weights == synthetic.manifest.weights)
        #expect(imported.manifest.stages == synthetic.manifest.stages)
        #expect(imported.constants == synthetic.constants)
        #expect(imported.manifest.isTrained)
        try FileManager.default.removeItem(atPath: folder)
    }
}
