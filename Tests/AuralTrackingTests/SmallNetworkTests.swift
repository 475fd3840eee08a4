import AuralCore
import AuralInference
import AuralNetworks
import AuralTesting
import AuralTracking
import Testing

/// A network of the same plan with other sizes throughout, on the real engine: nothing about size is a constant of the code.
@Suite(.serialized, .networks) struct SmallNetworkTests {
    static let variants: [@Sendable (inout NetworkRecipe) -> Void] = [
        { _ in },
        { ($0.name, $0.memoryWidth, $0.trunk.heads, $0.topDownLevels) = ("small_wide_memory", 64, 2, [3]) },
        { ($0.name, $0.modelWidth, $0.decoderHeads, $0.decoderLayers, $0.encodesPointerTime) = ("small_narrow", 64, 2, 1, false) },
        { ($0.name, $0.topDownLevels, $0.hasSpatialNoObjectEmbedding, $0.memoryFuserLayers) = ("small_top_down", [0, 1, 2, 3], false, 0) },
    ]

    @Test(
        "networks of other sizes build, load and track two objects over three frames and more", .timeLimit(.minutes(20)), arguments: variants.indices)
    func tracks(_ variant: Int) throws {
        var recipe = TestBundle.smallRecipe
        Self.variants[variant](&recipe)
        try recipe.validate()
        let bundle = try TestBundle.synthetic(recipe, imageSize: 256)
        let model = try SegmentationModel(bundle, engine: TestSettings.engine(), precision: .float32)
        let tracker = try OnlineTracker(model)
        for frame in 0..<8 {
            try ReferenceClip.load(frame: frame, into: model.image)
            let box = Prompt.points([], box: BoxPrompt(left: 0.2, top: 0.2, right: 0.6, bottom: 0.7), replacing: true)
            let (results, failures) = try tracker.track(prompts: frame == 0 ? [(ObjectID(1), TrackerFixture.click), (ObjectID(2), box)] : [])
            #expect(failures.isEmpty)
            #expect(results.count == 2)
            for result in results {
                #expect(result.logits.values.allSatisfy { $0.isFinite })
                #expect(result.details.ious.allSatisfy { (0...1).contains($0) })
                #expect(result.details.pointer.count == recipe.modelWidth)
            }
            // Two objects with two prompts have two masks.
            #expect(results[0].details.pointer != results[1].details.pointer)
        }
        let mask = try #require(BinaryMask(width: 2, height: 2, pixels: [1, 0, 0, 1]))
        #expect(try tracker.prompt(ObjectID(3), .mask(mask)) == nil)
        #expect(try tracker.prompt(ObjectID(1), TrackerFixture.click) == nil)
        #expect(tracker.results.count == 3)
    }
}
