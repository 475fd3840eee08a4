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

    /// Value in a memory's place and the row of the time code beside it, for each place of each object, unordered.
    private func contents(_ inputs: [(name: String, tensor: Tensor)]) throws -> [Set<[Float]>] {
        let (memory, time) = (try tensor("memory", inputs), try tensor("memory_time", inputs))
        let (places, size) = (memory.shape[1], memory.shape[2] * memory.shape[3])
        return (0..<memory.shape[0]).map { object in
            Set(
                (0..<places).map { place in
                    let start = (object * places + place) * size
                    #expect(memory.floats[start..<(start + size)].allSatisfy { $0 == memory.floats[start] })
                    return [memory.floats[start], time.floats[(object * places + place) * 32]]
                })
        }
    }

    private func timeCode(_ row: Int) -> Float { run.model.constants.memoryTimeCodes[row * 32] }

    @Test("a memory that is in its place is not copied again, a new one is, and each has the code of its age")
    func onlyNew() throws {
        var entries = [entry(1, 10), entry(2, 20), entry(3, 30)]
        var inputs = staging.stage([selection(entries)], pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[[10, timeCode(0)], [20, timeCode(1)], [30, timeCode(2)]]])
        let address = try tensor("memory", inputs).memory

        // The sources change behind the staging's back: what it copied stays as it was.
        for entry in entries { entry.memory?.floats.update(repeating: -1) }
        entries = [entry(4, 40), entries[0], entries[1]]
        inputs = staging.stage([selection(entries)], pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[[40, timeCode(0)], [10, timeCode(1)], [20, timeCode(2)]]])
        #expect(try tensor("memory", inputs).memory == address)
    }

    @Test("the same frame remembered anew, under another identifier, is copied")
    func identifiers() throws {
        _ = staging.stage([selection([entry(1, 10), entry(2, 20)])], pointerLimit: 6).inputs
        let inputs = staging.stage([selection([entry(1, 99), entry(5, 50)])], pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[[10, timeCode(0)], [50, timeCode(1)]]])
    }

    @Test("another number of objects or memories starts from nothing, and objects do not see each other's memories")
    func layouts() throws {
        let first = [entry(1, 10), entry(2, 20)]
        let second = [entry(3, 30), entry(4, 40)]
        _ = staging.stage([selection(first)], pointerLimit: 6).inputs
        var inputs = staging.stage([selection(first), selection(second)], pointerLimit: 6).inputs
        #expect(try tensor("memory", inputs).shape == [2, 2, 256, 32])
        #expect(try contents(inputs) == [[[10, timeCode(0)], [20, timeCode(1)]], [[30, timeCode(0)], [40, timeCode(1)]]])
        inputs = staging.stage([selection(second), selection(first)], pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[[30, timeCode(0)], [40, timeCode(1)]], [[10, timeCode(0)], [20, timeCode(1)]]])
        inputs = staging.stage([selection([second[1]])], pointerLimit: 6).inputs
        #expect(try contents(inputs) == [[[40, timeCode(0)]]])
        inputs = staging.stage([selection(first + second)], pointerLimit: 6).inputs
        #expect(try contents(inputs).first?.count == 4)
    }

    @Test("pointers lie cut into tokens, each with the code of the pointer's distance")
    func pointers() throws {
        let inputs = staging.stage([selection([entry(1, 10), entry(2, 20)])], pointerLimit: 6).inputs
        let (pointers, time) = (try tensor("pointers", inputs), try tensor("pointer_time", inputs))
        #expect(pointers.shape == [1, 8, 32] && time.shape == [1, 8, 32])
        #expect(Array(pointers.floats) == [Float](repeating: 10, count: 128) + [Float](repeating: 20, count: 128))
        for token in 0..<8 {
            let code = run.model.constants.pointerTimeCode(distance: token / 4 + 1, limit: 6, recipe: run.model.recipe)
            #expect(Array(time.floats[(token * 32)..<(token * 32 + 32)]) == code)
        }
    }
}
