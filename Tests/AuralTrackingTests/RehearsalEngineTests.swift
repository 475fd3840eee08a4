import AuralCore
import AuralInference
import AuralService
import AuralTesting
import AuralTracking
import AuralWire
import Testing

@Suite struct RehearsalEngineTests {
    private func segmenter() throws -> FrameSegmenter {
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        let model = try SegmentationModel(bundle, engine: RehearsalEngine(milliseconds: 0), precision: .float32)
        return try FrameSegmenter(model, options: TrackerOptions(), maskSize: .frame)
    }

    private func picture(_ isBright: (Int, Int) -> Bool) throws -> RGBImage {
        let image = try #require(RGBImage(width: 256, height: 128))
        for y in 0..<128 {
            for x in 0..<256 {
                for channel in 0..<3 { image.bytes[(y * 256 + x) * 3 + channel] = isBright(x, y) ? 230 : 20 }
            }
        }
        return image
    }

    @Test("masks are where the picture is bright, frame by frame and for every object", .timeLimit(.minutes(5)))
    func bright() throws {
        let segmenter = try segmenter()
        let click = Prompt.points([PointPrompt(x: 0.5, y: 0.5, isPositive: true)], box: nil, replacing: true)
        let areas: [((Int, Int) -> Bool, [Int])] = [
            ({ _, _ in true }, [0, 0, 256, 128]), ({ x, _ in x < 64 }, [0, 0, 64, 128]), ({ _, y in y >= 96 }, [0, 96, 256, 32]),
            ({ x, y in x >= 128 && y < 32 }, [128, 0, 128, 32]), ({ _, _ in false }, [0, 0, 0, 0]),
        ]
        for (index, (isBright, box)) in areas.enumerated() {
            let prompts = index == 0 ? [(object: ObjectID(1), prompt: click), (ObjectID(2), click)] : []
            let (objects, failures) = try segmenter.segment(picture(isBright), prompts: prompts)
            #expect(failures.isEmpty)
            #expect(objects.count == 2)
            for object in objects {
                // Where bright meets dark, half a pixel of the network's mask, which is smaller, may fall to either side.
                let found = object.boundingBox
                for (value, expected) in zip([found.x, found.y, found.width, found.height], box) {
                    #expect(abs(value - expected) <= 2, "case \(index): \(found)")
                }
                #expect((object.area == 0) == (box[2] == 0))
            }
        }
    }

    @Test("a frame takes at least as long as was asked for", .timeLimit(.minutes(5)))
    func pace() throws {
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        let model = try SegmentationModel(bundle, engine: RehearsalEngine(milliseconds: 20), precision: .float32)
        let segmenter = try FrameSegmenter(model, options: TrackerOptions(), maskSize: .native)
        let clock = SystemTimeSource()
        let start = clock.now()
        for _ in 0..<5 { _ = try segmenter.segment(picture { _, _ in true }) }
        #expect(clock.now().nanoseconds(since: start) >= 100_000_000)
    }
}
