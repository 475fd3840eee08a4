import AuralCore
import AuralInference
import AuralNetworks
import AuralTesting
import AuralTracking
import Testing

/// A tracker over an engine that computes nothing, with a small network: bank of 5 memories, 6 pointers of 4 tokens.
struct TrackerFixture {
    let engine: RecordingEngine
    let model: SegmentationModel
    let tracker: OnlineTracker

    init(
        options: TrackerOptions = TrackerOptions(), keepsCalls: Bool = true, official: Bool = false, poolsMemories: Bool = false,
        usesWindows: Bool = false
    ) throws {
        engine = RecordingEngine(keepsCalls: keepsCalls)
        var recipe = TestBundle.smallRecipe
        if official {
            // The official bank's sizes.
            (recipe.name, recipe.memoryFrames, recipe.maximumPointers) = ("small_official_bank", 7, 16)
        }
        model = try SegmentationModel(
            TestBundle.synthetic(recipe, imageSize: 256), engine: engine, precision: .float32, poolsMemories: poolsMemories, usesWindows: usesWindows)
        tracker = try OnlineTracker(model, options: options)
    }

    /// One positive click in the middle.
    static let click = Prompt.points([PointPrompt(x: 0.5, y: 0.5, isPositive: true)], box: nil, replacing: true)

    /// Tracks `count` frames without prompts.
    func track(_ count: Int = 1) throws {
        for _ in 0..<count { _ = try tracker.track() }
    }

    /// Tracks a frame on which objects are clicked.
    func start(_ objects: Int...) throws {
        let (_, failures) = try tracker.track(prompts: objects.map { (ObjectID($0), Self.click) })
        #expect(failures.isEmpty)
    }

    /// Shapes of the memory attention calls: objects (one), memories and pointer tokens.
    func attentionShapes() -> [[Int]] {
        engine.calls(of: .memoryAttention).map { call in
            let (memory, pointers) = (call.inputs["memory"] ?? [], call.inputs["pointers"] ?? [])
            #expect(call.inputs["memory_time"] == Array(memory.prefix(2)) + [32])
            #expect(call.inputs["pointer_time"] == pointers)
            #expect(memory.first == pointers.first)
            return Array(memory.prefix(2)) + pointers.dropFirst().prefix(1)
        }
    }
}
