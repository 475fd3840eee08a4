import AuralGraph
import AuralInference
import Testing

@testable import AuralTracking

@Suite struct MemoryBankTests {
    private func entry(_ frame: Int) -> MemoryEntry {
        MemoryEntry(identifier: frame + 1000, frame: frame, memory: Tensor([1], [Float(frame)]), pointer: [Float(frame)])
    }

    /// A bank that was told frame 0 as conditioning and every later one up to `last` as tracked.
    private func bank(upTo last: Int, frames: Int = 7, pointers: Int = 16) -> MemoryBank {
        var bank = MemoryBank(memoryFrames: frames, maximumPointers: pointers, maximumConditioning: 4)
        for frame in 0...last { _ = bank.store(entry(frame), isConditioning: frame == 0) }
        return bank
    }

    private func rows(_ selection: MemoryBank.Selection) -> [[Int]] {
        selection.memories.map { [$0.entry.frame, $0.timeRow] }.sorted { $0[0] < $1[0] }
    }

    private func distances(_ selection: MemoryBank.Selection) -> [[Int]] {
        selection.pointers.map { [Int($0.pointer[0]), $0.distance] }.sorted { $0[0] < $1[0] }
    }

    @Test("the conditioning frame has the last row of the time code, others the row of their age")
    func ages() {
        #expect(rows(bank(upTo: 0).selection(for: 1, pointerLimit: 16)) == [[0, 6]])
        #expect(rows(bank(upTo: 2).selection(for: 3, pointerLimit: 16)) == [[0, 6], [1, 1], [2, 0]])
        #expect(rows(bank(upTo: 40).selection(for: 41, pointerLimit: 16)) == [[0, 6], [35, 5], [36, 4], [37, 3], [38, 2], [39, 1], [40, 0]])
        #expect(rows(bank(upTo: 40, frames: 3).selection(for: 41, pointerLimit: 16)) == [[0, 2], [39, 1], [40, 0]])
    }

    @Test("where memories are pooled, conditioning frames and the frame before stay whole, and nothing is read twice or left out")
    func pooling() {
        func frames(_ memories: [MemoryBank.Selection.Memory]) -> [Int] { memories.map(\.entry.frame).sorted() }
        let early = bank(upTo: 1).selection(for: 2, pointerLimit: 16)
        #expect(frames(early.wholeMemories) == [0, 1] && early.oldMemories.isEmpty)
        let late = bank(upTo: 40).selection(for: 41, pointerLimit: 16)
        #expect(frames(late.wholeMemories) == [0, 40] && frames(late.oldMemories) == [35, 36, 37, 38, 39])
    }

    @Test("pointers have their distance in frames, the conditioning one however far it is")
    func pointers() {
        #expect(distances(bank(upTo: 2).selection(for: 3, pointerLimit: 16)) == [[0, 3], [1, 2], [2, 1]])
        #expect(distances(bank(upTo: 40).selection(for: 41, pointerLimit: 16)) == [[0, 41]] + (26...40).map { [$0, 41 - $0] })
        // A short clip has fewer.
        #expect(distances(bank(upTo: 8).selection(for: 9, pointerLimit: 5)) == [[0, 9]] + (5...8).map { [$0, 9 - $0] })
        #expect(distances(bank(upTo: 40, pointers: 3).selection(for: 41, pointerLimit: 3)) == [[0, 41], [39, 2], [40, 1]])
    }

    @Test("a frame that is corrected does not attend to itself, not even as a conditioning frame")
    func correction() {
        let bank = bank(upTo: 9)
        #expect(rows(bank.selection(for: 9, pointerLimit: 16)) == [[0, 6], [3, 5], [4, 4], [5, 3], [6, 2], [7, 1], [8, 0]])
        #expect(distances(bank.selection(for: 9, pointerLimit: 16)) == (0...8).map { [$0, 9 - $0] })
        #expect(distances(self.bank(upTo: 0).selection(for: 0, pointerLimit: 16)) == [])
    }

    @Test("a corrected frame sees as many memories as it saw when it was tracked")
    func sameMemories() {
        var bank = bank(upTo: 20)
        let tracked = bank.selection(for: 21, pointerLimit: 16)
        _ = bank.store(entry(21), isConditioning: false)
        let corrected = bank.selection(for: 21, pointerLimit: 16)
        #expect(rows(corrected) == rows(tracked))
        #expect(distances(corrected) == distances(tracked))
    }

    @Test("what a bank holds is bounded, and every tensor that leaves it is handed back once")
    func bounded() {
        var bank = MemoryBank(memoryFrames: 7, maximumPointers: 16, maximumConditioning: 3)
        var given = 0
        var freed: [ObjectIdentifier] = []
        var alive: [Tensor] = []
        for frame in 0..<500 {
            let entry = entry(frame)
            given += 1
            if let memory = entry.memory { alive.append(memory) }
            freed += bank.store(entry, isConditioning: frame % 50 == 0).map(ObjectIdentifier.init)
            #expect(bank.conditioning.count <= 3)
            #expect(bank.recent.count <= 16)
            #expect(bank.recent.count { $0.memory != nil } <= 8)
        }
        #expect(bank.conditioning.map(\.frame) == [350, 400, 450])
        freed += bank.removeAll().map(ObjectIdentifier.init)
        #expect(freed.count == given)
        #expect(Set(freed) == Set(alive.map(ObjectIdentifier.init)))
        #expect(bank.selection(for: 500, pointerLimit: 16).memories.isEmpty)
    }

    @Test(
        "a frame is remembered once: a later entry takes its place, whichever kind either is",
        arguments: [(false, false), (false, true), (true, false), (true, true)])
    func replaced(_ first: Bool, _ second: Bool) {
        var bank = bank(upTo: 3)
        #expect(bank.store(entry(4), isConditioning: first).isEmpty)
        let again = MemoryEntry(identifier: 1, frame: 4, memory: Tensor([1], [44]), pointer: [44])
        #expect(bank.store(again, isConditioning: second).map { $0.floats[0] } == [4])
        #expect((bank.conditioning + bank.recent).filter { $0.frame == 4 }.map(\.identifier) == [1])
        #expect(bank.conditioning.contains { $0.frame == 4 } == second)
    }
}
