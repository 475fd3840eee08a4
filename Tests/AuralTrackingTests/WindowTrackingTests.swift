import AuralCore
import AuralGraph
import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@testable import AuralTracking

/// Objects in windows, with an engine that computes nothing and says where masks are.
@Suite struct WindowTrackingTests {
    private let click = TrackerFixture.click

    /// The stages of memory attention and mask decoder that ran on the present frame, and no more.
    private func stages(_ run: TrackerFixture) -> [String] {
        defer { run.engine.forgetCalls() }
        return run.engine.stages.filter { $0.hasSuffix("mask_decoder") || $0.contains("memory_attention") }
    }

    /// A fixture that has been clicked on a square of 16 mask pixels in the middle of the picture.
    private func started(pools: Bool = false) throws -> TrackerFixture {
        let run = try TrackerFixture(official: true, poolsMemories: pools, usesWindows: true)
        run.engine.setMask(PixelRectangle(x: 24, y: 24, width: 16, height: 16), of: .maskDecoder)
        run.engine.setMask(PixelRectangle(x: 8, y: 8, width: 16, height: 16), of: .windowMaskDecoder)
        try run.start(1)
        #expect(stages(run) == ["mask_decoder"])
        return run
    }

    @Test("an object that is small is carried forward in a window, and its mask stands where it is in the whole picture")
    func small() throws {
        let run = try started()
        try run.track()
        let call = try #require(run.engine.calls(of: .windowMemoryAttention).first)
        #expect(call.inputs["attended_embedding"] == [1, 64, 128] && call.inputs["memory"] == [1, 1, 64, 32])
        #expect(call.inputs["memory_position"] == [1, 1, 64, 32] && call.outputs["conditioned_embedding"] == [1, 64, 128])
        #expect(call.inputs["origin_cosine"] == [1, 128] && call.inputs["origin_sine"] == [1, 128])
        let decoding = try #require(run.engine.calls(of: .windowMaskDecoder).first)
        #expect(decoding.inputs["cells"] == [1, 64] && decoding.inputs["high_res_0"] == [1, 64, 16, 16])
        #expect(decoding.inputs["dense_prompt"] == [1, 64, 128] && decoding.outputs["masks"] == [1, 4, 32, 32])
        #expect(stages(run) == ["window_memory_attention", "window_mask_decoder"])
        // The window begins at cell 4; the mask was drawn 8 pixels into it.
        let logits = try #require(run.tracker.results.first).logits
        for y in 0..<64 {
            for x in 0..<64 {
                let isInside = (24..<40).contains(x) && (24..<40).contains(y)
                #expect((logits.floats[y * 64 + x] > 0) == isInside)
            }
        }
    }

    @Test("with pooled memories those of the window are pooled")
    func pooled() throws {
        let run = try started(pools: true)
        try run.track(9)
        let calls = run.engine.calls(of: .windowMemoryAttentionPooled)
        #expect(calls.map { $0.inputs["old_memory"] ?? [] } == [1, 2, 3, 4, 5, 5, 5].map { [1, $0, 4, 32] })
        #expect(calls.last?.inputs["old_memory_position"] == [1, 1, 4, 32] && calls.last?.inputs["memory"] == [1, 2, 64, 32])
    }

    @Test("what cannot be seen any more, has grown, or reached its window's edge is looked for in the whole picture on the next frame")
    func leaving() throws {
        let run = try started()
        let (window, whole) = (["window_memory_attention", "window_mask_decoder"], ["memory_attention", "mask_decoder"])
        try run.track()
        #expect(stages(run) == window)
        run.engine.setObjectScore(-3)
        try run.track()
        #expect(stages(run) == window)
        try run.track()
        #expect(stages(run) == whole)
        run.engine.setObjectScore(3)
        try run.track()
        #expect(stages(run) == whole)
        run.engine.setMask(PixelRectangle(x: 10, y: 8, width: 16, height: 16), of: .windowMaskDecoder)
        try run.track()
        #expect(stages(run) == window)
        run.engine.setMask(PixelRectangle(x: 16, y: 16, width: 16, height: 16), of: .windowMaskDecoder)
        try run.track()
        #expect(stages(run) == window)
        run.engine.setMask(PixelRectangle(x: 20, y: 20, width: 40, height: 16), of: .maskDecoder)
        try run.track()
        #expect(stages(run) == whole)
        try run.track()
        #expect(stages(run) == whole)
    }

    @Test("a person's prompts see the whole picture, and what is said of it is remembered whole")
    func prompts() throws {
        let run = try started()
        try run.track()
        _ = stages(run)
        #expect(try run.tracker.prompt(ObjectID(1), click) == nil)
        #expect(stages(run) == ["memory_attention", "mask_decoder"])
        // The first frame's, the picture without an object, and this one.
        #expect(run.engine.count(of: .memoryEncoder) == 3 && run.engine.count(of: .windowMemoryEncoder) == 1)
    }

    @Test("what is remembered of a window lies in a memory of the picture without any object, which is made once a picture")
    func memory() throws {
        let run = try started()
        _ = try run.tracker.prompt(ObjectID(2), click)
        try run.track()
        #expect(run.engine.count(of: .windowMemoryEncoder) == 2 && run.engine.count(of: .memoryEncoder) == 3)
        let call = try #require(run.engine.calls(of: .windowMemoryEncoder).first)
        #expect(call.inputs["image_embedding"] == [1, 64, 128] && call.inputs["mask_logits"] == [1, 1, 32, 32])
        #expect(call.outputs["memory"] == [1, 64, 32])
        for (object, number) in [(1, Float(1)), (2, 2)] {
            let memory = try #require(run.tracker.bank(of: ObjectID(object))?.recent.last?.memory)
            for cell in 0..<256 {
                let isInside = (4..<12).contains(cell / 16) && (4..<12).contains(cell % 16)
                #expect(memory.floats[cell * 32] == (isInside ? number : 3) && memory.floats[cell * 32 + 31] == (isInside ? number : 3))
            }
        }
        try run.track()
        #expect(run.engine.count(of: .memoryEncoder) == 4)
    }

    @Test("of what is not there the whole picture is remembered, and an encoder that fails leaves no memory behind")
    func failures() throws {
        let run = try started()
        run.engine.setObjectScore(-3)
        try run.track()
        #expect(run.engine.count(of: .windowMaskDecoder) == 1 && run.engine.count(of: .windowMemoryEncoder) == 0)
        run.engine.setObjectScore(3)
        try run.track(2)
        let allocated = run.tracker.allocatedMemories
        run.engine.failNext(.windowMemoryEncoder)
        #expect(throws: EngineError.self) { try run.track() }
        #expect(run.tracker.bank(of: ObjectID(1))?.recent.count == 3)
        try run.track()
        #expect(run.tracker.allocatedMemories == allocated + 1)
    }

    @Test("a memory's part that is in place is not copied again; where the window moves, all are, and each has the codes of the cells")
    func staging() throws {
        let run = try TrackerFixture(usesWindows: true)
        let staging = MemoryStaging(run.model)
        let memory = Tensor(.float32, [256, 32])
        for cell in 0..<256 { for channel in 0..<32 { memory.floats[cell * 32 + channel] = Float(cell) } }
        let entry = MemoryEntry(identifier: 1, frame: 1, memory: memory, pointer: [Float](repeating: 0, count: 128))
        let selection = MemoryBank.Selection(memories: [(entry, 0)], pointers: [(entry.pointer, 1)], conditioningRow: 4)
        func cells(_ window: GridWindow?) throws -> (stage: StageName, cells: [Float], code: [Float]?) {
            let (stage, inputs) = staging.stage(selection, pointerLimit: 6, window: window)
            let tensors = Dictionary(uniqueKeysWithValues: inputs.map { ($0.name, $0.tensor) })
            let values = try #require(tensors["memory"]).values
            return (stage, stride(from: 0, to: values.count, by: 32).map { values[$0] }, tensors["memory_position"]?.values)
        }
        func expected(_ window: GridWindow) -> [Float] {
            (0..<64).map { Float((window.row + $0 / 8) * 16 + window.column + $0 % 8) }
        }
        let code = PositionalEncodings.sine(side: 16, width: 32)
        let first = GridWindow(row: 2, column: 5, side: 8)
        var found = try cells(first)
        #expect(found.stage == .windowMemoryAttention && found.cells == expected(first))
        #expect(found.code == expected(first).flatMap { code[(Int($0) * 32)..<(Int($0) * 32 + 32)] })
        // The source changes behind the staging's back: what it copied stays as it was, until the window moves.
        for index in memory.floats.indices { memory.floats[index] += 0.5 }
        #expect(try cells(first).cells == expected(first))
        let second = GridWindow(row: 8, column: 0, side: 8)
        found = try cells(second)
        #expect(found.cells == expected(second).map { $0 + 0.5 })
        found = try cells(nil)
        #expect(found.stage == .memoryAttention && found.code == nil && found.cells == (0..<256).map { Float($0) + 0.5 })
        #expect(try cells(second).cells == expected(second).map { $0 + 0.5 })
    }
}
