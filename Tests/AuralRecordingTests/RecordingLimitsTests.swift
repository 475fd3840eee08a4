import Testing

@testable import AuralRecording

@Suite struct RecordingLimitsTests {
    private let kept = (1...4).map { RecordingLimits.Kept(number: $0, bytes: 100, writtenWallNanoseconds: Int64($0) * 10_000_000_000) }

    @Test(
        "what is too old goes, then the oldest while all are too large; what is being written counts but stays",
        arguments: [
            (nil, nil, 1000, []), (400, nil, 0, []), (400, nil, 1, [1]), (250, nil, 100, [1, 2, 3]), (0, nil, 0, [1, 2, 3, 4]),
            (nil, 25, 0, [1]), (nil, 15, 0, [1, 2]), (250, 25, 0, [1, 2]), (nil, 0.5, 0, [1, 2, 3]),
        ] as [(Int64?, Double?, Int64, [Int])])
    func excess(bytes: Int64?, age: Double?, current: Int64, gone: [Int]) {
        let limits = RecordingLimits(maximumBytes: bytes, maximumAgeSeconds: age)
        #expect(limits.excess(kept.reversed(), current: current, wallNanoseconds: 40_000_000_000) == gone)
    }

    @Test("sizes that no disk has do not end the recorder")
    func overflow() {
        let huge = [RecordingLimits.Kept(number: 1, bytes: .max, writtenWallNanoseconds: .min)]
        _ = RecordingLimits(maximumBytes: 5, maximumAgeSeconds: 1).excess(huge + huge, current: .max, wallNanoseconds: .max)
    }
}
