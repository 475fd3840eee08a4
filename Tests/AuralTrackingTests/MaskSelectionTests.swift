import AuralTracking
import Testing

@Suite struct MaskSelectionTests {
    private func select(_ ious: [Float], multimask: Bool, _ single: [Float]) -> [Int] {
        ious.withUnsafeBufferPointer { ious in
            single.withUnsafeBufferPointer { single in
                let selection = MaskSelection(ious: ious, isMultimask: multimask, singleMask: single)
                return [selection.mask, selection.pointer]
            }
        }
    }

    private static let firm = [Float](repeating: 5, count: 50) + [Float](repeating: -5, count: 50)
    private static let shaky = [Float](repeating: 5, count: 50) + [Float](repeating: 0.01, count: 50)

    @Test(
        "an ambiguous prompt takes the best of masks 1 to 3 and its pointer, the first where two are as good",
        arguments: [
            ([0.99, 0.1, 0.2, 0.3], 3), ([0.99, 0.3, 0.2, 0.1], 1), ([0, 0.5, 0.9, 0.9], 2), ([0, 0.5, 0.5, 0.5], 1), ([0, -1, -0.5, -2], 2),
        ] as [([Float], Int)])
    func ambiguous(_ ious: [Float], _ expected: Int) {
        #expect(select(ious, multimask: true, Self.firm) == [expected, expected])
        #expect(select(ious, multimask: true, Self.shaky) == [expected, expected])
    }

    @Test("a clear prompt takes mask 0 while it is stable, else the best of the others, with the pointer of mask 0 either way")
    func clear() {
        #expect(select([0.1, 0.9, 0.2, 0.3], multimask: false, Self.firm) == [0, 0])
        #expect(select([0.9, 0.1, 0.2, 0.3], multimask: false, Self.shaky) == [3, 0])
    }

    @Test(
        "stability is the overlap of the masks at two thresholds",
        arguments: [
            ([1, 1, -1, -1], 1), ([-1, -1], 1), ([], 1), ([0, 0, 0], 0), ([1, 0, -1], 0.5), ([0.05, 1], 0.5), ([-0.05, 1], 1),
            ([0.051, -0.049], 0.5),
            ([.infinity, -.infinity], 1), ([.nan, 1], 1),
        ] as [([Float], Float)])
    func stability(_ logits: [Float], _ expected: Float) {
        #expect(logits.withUnsafeBufferPointer { MaskSelection.stability($0) } == expected)
    }

    @Test("the threshold of stability is 0.98, itself included")
    func threshold() {
        func logits(_ inner: Int) -> [Float] { [Float](repeating: 1, count: inner) + [Float](repeating: 0, count: 1000 - inner) }
        #expect(select([0, 1, 0, 0], multimask: false, logits(980)) == [0, 0])
        #expect(select([0, 1, 0, 0], multimask: false, logits(979)) == [1, 0])
    }
}
