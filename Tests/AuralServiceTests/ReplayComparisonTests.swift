import AuralCore
import AuralWire
import Testing

@testable import AuralService

@Suite struct ReplayComparisonTests {
    private func frame(_ sequence: UInt64, _ counts: [UInt32]?, sounding: Bool? = nil) throws -> FrameRecord {
        let objects = try counts.map {
            [FrameObject(objectID: ObjectID(1), kind: .prompt, score: 1, iou: 1, mask: try RunLengthMask(height: 1, width: 8, counts: $0))]
        }
        return FrameRecord(
            sequence: sequence, time: MonoTime(nanoseconds: 0), latencyMilliseconds: 0, size: [1, 8], objects: objects ?? [],
            audio: sounding.map { FrameRecord.Audio(rmsDBFS: -20, isSounding: $0) })
    }

    @Test("frames are alike whose masks overlap enough, an empty mask being like none")
    func alike() throws {
        var comparison = ReplayComparison(
            expected: [try frame(1, [0, 8]), try frame(2, [8]), try frame(3, nil, sounding: true)], least: 0.85)
        try comparison.compare(try frame(1, [1, 7]))
        try comparison.compare(try frame(2, nil))
        try comparison.compare(try frame(3, [8], sounding: true))
        comparison.finish()
        #expect(comparison.outcome == ReplayComparison.Outcome(frames: 3, different: 0, leastOverlap: 0.875, notes: []))
    }

    @Test("what differs is told: a mask, the sound, a frame that is missing or too many")
    func different() throws {
        var comparison = ReplayComparison(
            expected: [try frame(1, [0, 8]), try frame(2, [8], sounding: true), try frame(9, [8])], least: 0.9)
        try comparison.compare(try frame(1, [4, 4]))
        try comparison.compare(try frame(2, [8], sounding: false))
        try comparison.compare(try frame(5, [8]))
        comparison.finish()
        #expect(comparison.outcome.different == 4 && comparison.outcome.frames == 2 && comparison.outcome.leastOverlap == 0.5)
        #expect(
            comparison.outcome.notes == [
                "frame 1 object 1 overlaps by 0.5", "frame 2 sounding is false, expected true", "frame 5 is not expected", "frame 9 is missing",
            ])
    }
}
