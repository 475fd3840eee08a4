import AuralCore
import AuralInference
import AuralTesting
import AuralTracking
import Testing

@Suite(.networks) struct TrackerFailureTests {
    static let outside: [Prompt] = [
        .points([], box: nil, replacing: true),
        .points([PointPrompt(x: 1.01, y: 0.5, isPositive: true)], box: nil, replacing: true),
        .points([PointPrompt(x: 0.5, y: -0.01, isPositive: true)], box: nil, replacing: true),
        .points([PointPrompt(x: .nan, y: 0.5, isPositive: true)], box: nil, replacing: true),
        .points([PointPrompt(x: .infinity, y: 0.5, isPositive: true)], box: nil, replacing: true),
        .points([], box: BoxPrompt(left: 0.5, top: 0.1, right: 0.5, bottom: 0.9), replacing: true),
        .points([], box: BoxPrompt(left: 0.1, top: 0.9, right: 0.5, bottom: 0.1), replacing: true),
        .points([], box: BoxPrompt(left: -0.1, top: 0.1, right: 0.5, bottom: 0.9), replacing: true),
        .points([], box: BoxPrompt(left: 0.1, top: .nan, right: 0.5, bottom: 0.9), replacing: true),
    ]

    @Test("a wrong prompt is refused for a new and for a known object, and changes nothing", arguments: outside)
    func refused(_ prompt: Prompt) throws {
        let run = try TrackerFixture()
        try run.start(1)
        let (results, failures) = try run.tracker.track(prompts: [
            (ObjectID(1), prompt), (ObjectID(2), prompt), (ObjectID(3), TrackerFixture.click),
        ])
        #expect(failures.mapValues(\.code) == [0: .badPrompt, 1: .badPrompt])
        #expect(results.map(\.object) == [ObjectID(1), ObjectID(3)])
        #expect(results.map(\.isPrompted) == [false, true])
        #expect(run.tracker.bank(of: ObjectID(1))?.recent.map(\.frame) == [1])
    }

    @Test("a new object needs something positive; before the first frame and beyond the limit there is none")
    func limits() throws {
        let run = try TrackerFixture(options: TrackerOptions(maximumObjects: 2))
        #expect(try run.tracker.prompt(ObjectID(1), TrackerFixture.click)?.code == .frameExpired)
        try run.start(1, 2)
        let negative = Prompt.points([PointPrompt(x: 0.5, y: 0.5, isPositive: false)], box: nil, replacing: true)
        let mask = try #require(BinaryMask(width: 1, height: 1, pixels: [1]))
        for prompt in [TrackerFixture.click, negative, .mask(mask)] {
            #expect(try run.tracker.prompt(ObjectID(3), prompt)?.code == .tooManyObjects)
        }
        #expect(run.tracker.remove(ObjectID(1)) == nil)
        #expect(try run.tracker.prompt(ObjectID(3), negative)?.code == .badPrompt)
        #expect(try run.tracker.prompt(ObjectID(2), negative) == nil)
        #expect(try run.tracker.prompt(ObjectID(3), TrackerFixture.click) == nil)
        #expect(run.tracker.identifiers == [ObjectID(2), ObjectID(3)])
        #expect(run.tracker.remove(ObjectID(9))?.code == .noSuchObject)
    }

    @Test(
        "a failure of the engine while tracking is thrown, leaves no stale result, and the next frame goes on",
        arguments: [
            StageName.imageEncoder, .firstSelfAttention, .memoryAttention, .maskDecoder, .memoryEncoder,
        ])
    func tracking(_ stage: StageName) throws {
        let run = try TrackerFixture()
        try run.start(1, 2)
        try run.track(8)
        let allocated = run.tracker.allocatedMemories
        run.engine.failNext(stage)
        let error = #expect(throws: EngineError.self) { try run.track() }
        #expect(error?.description.contains(stage.rawValue) == true)
        if stage != .memoryEncoder { #expect(run.tracker.results.isEmpty) }
        #expect(run.tracker.identifiers == [ObjectID(1), ObjectID(2)])
        #expect(run.tracker.frame == 9)
        try run.track(20)
        #expect(run.tracker.results.count == 2)
        #expect(run.tracker.frame == 29)
        #expect(run.tracker.allocatedMemories == allocated)
        #expect(run.attentionShapes().suffix(2) == [[1, 5, 24], [1, 5, 24]])
    }

    @Test(
        "a failure of the engine on an object's first prompt leaves no object without memory behind",
        arguments: [
            StageName.promptEncoder, .maskDecoder, .memoryEncoder,
        ])
    func starting(_ stage: StageName) throws {
        let run = try TrackerFixture()
        try run.start(1)
        run.engine.failNext(stage)
        #expect(throws: EngineError.self) { try run.tracker.prompt(ObjectID(2), TrackerFixture.click) }
        #expect(run.tracker.identifiers == [ObjectID(1)])
        try run.track(3)
        #expect(try run.tracker.prompt(ObjectID(2), TrackerFixture.click) == nil)
        try run.track(3)
        #expect(run.attentionShapes().allSatisfy { $0[1] > 0 && $0[2] > 0 })
        #expect(run.tracker.results.count == 2)
    }

    @Test("a click on which the engine failed does not count when it is given again")
    func correcting() throws {
        let run = try TrackerFixture()
        try run.start(1)
        try run.track()
        let click = Prompt.points([PointPrompt(x: 0.2, y: 0.2, isPositive: false)], box: nil, replacing: false)
        run.engine.failNext(.maskDecoder)
        #expect(throws: EngineError.self) { try run.tracker.prompt(ObjectID(1), click) }
        #expect(try run.tracker.prompt(ObjectID(1), click) == nil)
        #expect(run.engine.calls(of: .promptEncoder).last?.inputs["point_coords"] == [1, 2, 2])
    }

    @Test("an engine that cannot load a stage is reported with the stage")
    func loading() throws {
        struct Refusing: Engine {
            let summary = "refuses"
            func load(_ stage: StageFile) throws(EngineError) -> any EngineStage { throw EngineError("no \(stage.name)") }
        }
        let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
        let error = #expect(throws: EngineError.self) { try SegmentationModel(bundle, engine: Refusing(), precision: .float32) }
        #expect(error?.description == "no image_encoder")
    }
}
