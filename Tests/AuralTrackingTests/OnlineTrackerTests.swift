import AuralCore
import AuralInference
import AuralNetworks
import AuralTesting
import AuralTracking
import Synchronization
import Testing

@Suite(.networks) struct OnlineTrackerTests {
    @Test("five thousand frames: neither bank nor memory nor the shapes that memory attention sees grow", .timeLimit(.minutes(20)))
    func longStream() throws {
        let run = try TrackerFixture(official: true)
        try run.start(1)
        try run.track(39)
        let (entries, allocated) = (run.tracker.bankEntries, run.tracker.allocatedMemories)
        #expect(entries == 1 + 16)
        #expect(allocated <= 9)
        run.engine.forgetCalls()
        for _ in 0..<50 {
            try run.track(100)
            #expect(run.tracker.bankEntries == entries)
            #expect(run.tracker.allocatedMemories == allocated)
            // The conditioning memory and six frames; the conditioning pointer and fifteen others, four tokens each.
            #expect(Set(run.attentionShapes()) == [[1, 7, 16 * 4]])
            run.engine.forgetCalls()
        }
        #expect(run.tracker.frame == 5039)
        #expect(run.engine.count(of: .imageEncoder) == 5040)
    }

    @Test(
        "where memories are pooled, all but the conditioning one and the frame before are, from the third tracked frame on",
        .timeLimit(.minutes(20)))
    func pooling() throws {
        let run = try TrackerFixture(official: true, poolsMemories: true)
        try run.start(1)
        try run.track(9)
        #expect(run.attentionShapes() == [[1, 1, 4], [1, 2, 8]])
        let calls = run.engine.calls(of: .memoryAttentionPooled)
        #expect(calls.map { $0.inputs["memory"]?[1] } == Array(repeating: 2, count: 7))
        #expect(calls.map { $0.inputs["old_memory"]?[1] } == [1, 2, 3, 4, 5, 5, 5])
        #expect(calls.last?.inputs["old_memory_time"] == [1, 5, 32])
    }

    @Test("the bank fills frame by frame as upstream's does")
    func filling() throws {
        let run = try TrackerFixture()
        try run.start(1)
        try run.track(9)
        #expect(
            run.attentionShapes() == [
                [1, 1, 4], [1, 2, 8], [1, 3, 12], [1, 4, 16], [1, 5, 20], [1, 5, 24], [1, 5, 24], [1, 5, 24], [1, 5, 24],
            ])
    }

    @Test("a stream without objects only encodes pictures, and a tracker of none has no results")
    func empty() throws {
        let run = try TrackerFixture()
        try run.track(5)
        #expect(run.engine.count(of: .imageEncoder) == 5)
        #expect(run.engine.count(of: .memoryAttention) == 0)
        #expect(run.engine.count(of: .maskDecoder) == 0)
        #expect(run.tracker.results.isEmpty)
        #expect(run.tracker.identifiers.isEmpty)
    }

    @Test("objects come and go in the middle of a stream; each attends to its own bank, and what only the picture tells is computed once")
    func comingAndGoing() throws {
        let run = try TrackerFixture()
        try run.start(1)
        try run.track(2)
        try run.start(2)
        run.engine.forgetCalls()
        try run.track()
        // Object 1 has four memories by now, object 2 one.
        #expect(run.attentionShapes() == [[1, 4, 16], [1, 1, 4]])
        #expect(run.engine.calls(of: .firstSelfAttention).count == 1)
        #expect(run.engine.calls(of: .maskDecoder).map { $0.outputs["masks"] } == [[1, 4, 64, 64], [1, 4, 64, 64]])
        #expect(run.engine.calls(of: .memoryEncoder).map { $0.inputs["mask_logits"] } == [[1, 1, 64, 64], [1, 1, 64, 64]])
        try run.track(10)
        run.engine.forgetCalls()
        try run.track()
        #expect(run.attentionShapes() == [[1, 5, 24], [1, 5, 24]])
        #expect(run.tracker.results.map(\.object) == [ObjectID(1), ObjectID(2)])
        #expect(run.tracker.results.allSatisfy { !$0.isPrompted && $0.isPresent })

        #expect(run.tracker.remove(ObjectID(1)) == nil)
        #expect(run.tracker.remove(ObjectID(1))?.code == .noSuchObject)
        run.engine.forgetCalls()
        let allocated = run.tracker.allocatedMemories
        try run.track(3)
        #expect(Set(run.attentionShapes()) == [[1, 5, 24]])
        #expect(run.tracker.identifiers == [ObjectID(2)])
        // Freed memories are taken again before new ones are made.
        try run.start(3)
        try run.track(20)
        #expect(run.tracker.allocatedMemories == allocated)
        #expect(run.tracker.bank(of: ObjectID(1)) == nil)
    }

    @Test("each object keeps its own outputs, whatever runs for the others after it")
    func ownOutputs() throws {
        let run = try TrackerFixture()
        try run.start(1, 2, 3)
        try run.track(12)
        // The engine's numbers grow from run to run.
        let pointers = run.tracker.results.map { $0.details.pointer[0] }
        let memories = try run.tracker.identifiers.map { try #require(run.tracker.bank(of: $0)?.recent.last?.memory?.values.first) }
        for values in [pointers, memories] { #expect(values[0] < values[1] && values[1] < values[2], "\(values)") }
    }

    @Test("a correction takes the place of what was remembered of the frame, and is answered with its memory")
    func correction() throws {
        let run = try TrackerFixture()
        try run.start(1)
        try run.track(3)
        let before = try #require(run.tracker.bank(of: ObjectID(1)))
        let identifiers = before.recent.map(\.frame)
        run.engine.forgetCalls()
        #expect(try run.tracker.prompt(ObjectID(1), .points([PointPrompt(x: 0.1, y: 0.2, isPositive: false)], box: nil, replacing: false)) == nil)
        let after = try #require(run.tracker.bank(of: ObjectID(1)))
        #expect(after.recent.map(\.frame) == identifiers)
        #expect(after.conditioning.map(\.frame) == [0])
        #expect(after.recent.last?.memory?.values.first != before.recent.last?.memory?.values.first)
        // The frame itself is not among what it attends to: its start and frames 1 and 2.
        #expect(run.attentionShapes() == [[1, 3, 12]])
        #expect(run.engine.calls(of: .maskPromptEncoder).count == 1)
        #expect(run.engine.calls(of: .promptEncoder).map { $0.inputs["point_coords"] } == [[1, 2, 2]])
        #expect(run.tracker.results.map(\.isPrompted) == [true])
        // A second click is added to the first, or takes its place.
        #expect(try run.tracker.prompt(ObjectID(1), .points([PointPrompt(x: 0.3, y: 0.2, isPositive: false)], box: nil, replacing: false)) == nil)
        #expect(run.engine.calls(of: .promptEncoder).last?.inputs["point_coords"] == [1, 3, 2])
        #expect(try run.tracker.prompt(ObjectID(1), TrackerFixture.click) == nil)
        #expect(run.engine.calls(of: .promptEncoder).last?.inputs["point_coords"] == [1, 2, 2])
        #expect(run.tracker.bank(of: ObjectID(1))?.recent.map(\.frame) == identifiers)
    }

    @Test("a second prompt on an object's first frame starts it again, without memory")
    func restarted() throws {
        let run = try TrackerFixture()
        try run.start(1)
        #expect(try run.tracker.prompt(ObjectID(1), TrackerFixture.click) == nil)
        #expect(run.engine.count(of: .memoryAttention) == 0)
        let bank = try #require(run.tracker.bank(of: ObjectID(1)))
        #expect(bank.conditioning.map(\.frame) == [0])
        #expect(bank.recent.isEmpty)
    }

    @Test("of more conditioning frames than are kept, the oldest goes")
    func conditioning() throws {
        let run = try TrackerFixture(options: TrackerOptions(maximumConditioning: 3, conditionsOnCorrections: true))
        try run.start(1)
        for _ in 1...5 {
            try run.track()
            #expect(try run.tracker.prompt(ObjectID(1), TrackerFixture.click) == nil)
        }
        let bank = try #require(run.tracker.bank(of: ObjectID(1)))
        #expect(bank.conditioning.map(\.frame) == [3, 4, 5])
        #expect(bank.recent.isEmpty)
        run.engine.forgetCalls()
        try run.track(30)
        #expect(run.attentionShapes().last == [1, 3 + 4, (3 + 5) * 4])
        #expect(run.tracker.bankEntries == 3 + 6)
    }

    @Test("an absent object gets an empty mask and upstream's pointer, and is carried on")
    func absent() throws {
        let run = try TrackerFixture()
        try run.start(1)
        run.engine.setObjectScore(-3)
        try run.track()
        let result = try #require(run.tracker.results.first)
        #expect(!result.isPresent)
        #expect(result.logits.values.allSatisfy { $0 == -1024 })
        #expect(result.details.pointer == run.model.constants.noObjectPointer)
        run.engine.setObjectScore(3)
        try run.track()
        #expect(run.tracker.results.first?.isPresent == true)
        #expect(run.tracker.results.first?.logits.values.contains { $0 == 3 } == true)
    }

    @Test(
        "a mask prompt is taken at its word at any size, and an empty one makes the object absent",
        arguments: [(640, 480), (256, 256), (3, 2), (1, 1), (1000, 10)])
    func masks(_ width: Int, _ height: Int) throws {
        let run = try TrackerFixture()
        try run.track()
        let full = try #require(BinaryMask(width: width, height: height, pixels: [UInt8](repeating: 1, count: width * height)))
        #expect(try run.tracker.prompt(ObjectID(1), .mask(full)) == nil)
        let result = try #require(run.tracker.results.first)
        #expect(result.logits.values.allSatisfy { $0 > 9.9 })
        #expect(result.iou == 1 && result.isPresent && result.details.chosen == nil)
        let none = try #require(BinaryMask(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height)))
        #expect(try run.tracker.prompt(ObjectID(2), .mask(none)) == nil)
        #expect(run.tracker.results[1].isPresent == false)
        #expect(run.tracker.results[1].details.pointer == run.model.constants.noObjectPointer)
        try run.track(3)
        #expect(run.tracker.results.count == 2)
    }

    @Test("a reset forgets all objects and gives their memories back; the count of frames goes on")
    func reset() throws {
        let run = try TrackerFixture()
        try run.start(1, 2)
        try run.track(10)
        let allocated = run.tracker.allocatedMemories
        run.tracker.reset()
        #expect(run.tracker.identifiers.isEmpty && run.tracker.results.isEmpty && run.tracker.bankEntries == 0)
        try run.track()
        #expect(run.tracker.frame == 11)
        try run.start(7, 8)
        try run.track(20)
        #expect(run.tracker.allocatedMemories == allocated)
        #expect(run.tracker.bank(of: ObjectID(7))?.conditioning.map(\.frame) == [12])
    }

    @Test("all stages are loaded once, the heavy ones in the precision that was asked for, the others in float32", arguments: Precision.allCases)
    func loading(_ precision: Precision) throws {
        let engine = RecordingEngine()
        let order = Mutex<[StageName]>([])
        _ = try SegmentationModel(TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256), engine: engine, precision: precision) { stage in
            order.withLock { $0.append(stage) }
        }
        // Pooled memories and windows are options.
        let wanted = StageName.sam2.filter { !$0.poolsMemories && !$0.isOfWindow }
        #expect(order.withLock { $0 } == wanted)
        #expect(engine.loaded.map(\.name) == wanted.map(\.rawValue))
        let heavy = ["image_encoder", "first_self_attention", "memory_attention", "memory_encoder"]
        for stage in engine.loaded { #expect(stage.precision == (heavy.contains(stage.name) ? precision : .float32)) }
    }
}
