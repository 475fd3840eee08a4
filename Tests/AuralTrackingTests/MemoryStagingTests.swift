import AuralGraph
import AuralInference
import AuralTesting
import Testing

@testable import AuralTracking

@Suite struct MemoryStagingTests {
    private let run: TrackerFixture
    private let staging: MemoryStaging

    init() throws {
        run = try TrackerFixture()
        staging = MemoryStaging(run.model)
    }

    private func entry(_ identifier: Int, _ value: Float) -> MemoryEntry {
        let memory = Tensor(.float32, [run.model.cells, 32])
        memory.floats.update(repeating: value)
        return MemoryEntry(identifier: identifier, frame: identifier, memory: memory, pointer: [Float](repeating: value, count: 128))
    }

    private func selection(_ entries: [MemoryEntry]) -> MemoryBank.Selection {
        MemoryBank.Selection(
            memories: entries.enumerated().map { ($0.element, $0.offset) },
            pointers: entries.enumerated().map { ($0.element.pointer, $0.offset + 1) }, conditioningRow: 4)
    }

    private func tensor(_ name: String, _ inputs: [(name: String, tensor: Tensor)]) throws -> Tensor {
        try #require(inputs.first { $0.name == name }?.tensor)
    }

    /// Value in a memory's place and the row of the time code beside it, for each place, unordered.
    private func contents(_ inputs: [(name: String, tensor: Tensor)], _ name: String = "memory") throws -> Set<[Float]> {
        let (memory, time) = (try tensor(name, inputs), try tensor("\(name)_time", inputs))
        let (places, size) = (memory.shape[1], memory.shape[2] * memory.shape[3])
        return Set(
            (0..<places).map { place in
                let start = place * size
                #expect(memory.floats[start..<(start + size)].allSatisfy { $0 == memory.floats[start] })
                return [memory.floats[start], time.floats[place * 32]]
            })
    }

    private func timeCode(_ row: Int) -> Float { run.model.constants.memoryTimeCodes[row * 32] }

    @Test("a memory that is in its place is not copied again, a new one is, and each has the code of its age")
    func onlyNew() throws {
        var entries = [entry(1, 10), entry(2, 20), entry(3, 30)]
        var inputs = staging.stage(selection(entries), pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[10, timeCode(0)], [20, timeCode(1)], [30, timeCode(2)]])
        let address = try tensor("memory", inputs).memory

        // The sources change behind the staging's back: what it copied stays as it was.
        for entry in entries { entry.memory?.floats.update(repeating: -1) }
        entries = [entry(4, 40), entries[0], entries[1]]
        inputs = staging.stage(selection(entries), pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[40, timeCode(0)], [10, timeCode(1)], [20, timeCode(2)]])
        #expect(try tensor("memory", inputs).memory == address)
    }

    @Test("the same frame remembered anew, under another identifier, is copied")
    func identifiers() throws {
        _ = staging.stage(selection([entry(1, 10), entry(2, 20)]), pointerLimit: 6).inputs
        let inputs = staging.stage(selection([entry(1, 99), entry(5, 50)]), pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[10, timeCode(0)], [50, timeCode(1)]])
    }

    @Test("another number of memories starts from nothing")
    func layouts() throws {
        let entries = [entry(1, 10), entry(2, 20), entry(3, 30), entry(4, 40)]
        _ = staging.stage(selection(Array(entries[..<2])), pointerLimit: 6).inputs
        var inputs = staging.stage(selection(entries), pointerLimit: 6).inputs
        #expect(try tensor("memory", inputs).shape == [1, 4, 256, 32])
        #expect(try contents(inputs) == [[10, timeCode(0)], [20, timeCode(1)], [30, timeCode(2)], [40, timeCode(3)]])
        inputs = staging.stage(selection([entries[3]]), pointerLimit: 6).inputs
        #expect(try tensor("memory", inputs).shape == [1, 1, 256, 32])
        #expect(try contents(inputs) == [[40, timeCode(0)]])
    }

    @Test("old memories lie as the means of blocks of 4×4 cells, made when they grow old and not again")
    func pooled() throws {
        let run = try TrackerFixture(official: true, poolsMemories: true)
        let staging = MemoryStaging(run.model)
        let entries = (1...3).map { entry($0, Float($0)) }
        // Cells of a block differ, their mean is what it was.
        let cells = try #require(entries[1].memory).floats
        for cell in 0..<256 { for channel in 0..<32 { cells[cell * 32 + channel] += cell % 2 == 0 ? 0.5 : -0.5 } }
        let (stage, inputs) = staging.stage(selection(entries), pointerLimit: 6)
        #expect(stage == .memoryAttentionPooled)
        #expect(try tensor("old_memory", inputs).shape == [1, 2, 16, 32])
        #expect(try contents(inputs) == [[1, timeCode(0)]])
        #expect(try contents(inputs, "old_memory") == [[2, timeCode(1)], [3, timeCode(2)]])
        cells.update(repeating: -1)
        #expect(try contents(staging.stage(selection(entries), pointerLimit: 6).inputs, "old_memory") == [[2, timeCode(1)], [3, timeCode(2)]])
    }

    @Test("pointers lie cut into tokens, each with the code of the pointer's distance")
    func pointers() throws {
        let inputs = staging.stage(selection([entry(1, 10), entry(2, 20)]), pointerLimit: 6).inputs
        let (pointers, time) = (try tensor("pointers", inputs), try tensor("pointer_time", inputs))
        #expect(pointers.shape == [1, 8, 32] && time.shape == [1, 8, 32])
        #expect(Array(pointers.floats) == [Float](repeating: 10, count: 128) + [Float](repeating: 20, count: 128))
        for token in 0..<8 {
            let code = run.model.constants.pointerTimeCode(distance: token / 4 + 1, limit: 6, recipe: run.model.recipe)
            #expect(Array(time.floats[(token * 32)..<(token * 32 + 32)]) == code)
        }
    }
}
