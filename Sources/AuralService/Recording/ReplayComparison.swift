import AuralCore
import AuralWire

/// Compares what a replay finds with what was expected, frame by frame. Pure.
package struct ReplayComparison {
    /// What was found out.
    package struct Outcome: Sendable, Equatable {
        /// Frames that were compared, and of these those that differ.
        package var frames = 0
        package var different = 0
        /// The least overlap of any two masks.
        package var leastOverlap = 1.0
        /// One line about each of the first differences.
        package var notes: [String] = []
    }

    /// The result so far.
    package private(set) var outcome = Outcome()
    private var expected: [UInt64: FrameRecord]
    private let least: Double

    /// Expects these frames, and overlaps of at least `least`.
    package init(expected: [FrameRecord], least: Double) {
        // Of a number that comes twice, after a restart, the first counts.
        self.expected = Dictionary(expected.map { ($0.sequence, $0) }) { first, _ in first }
        self.least = least
    }

    /// Compares a frame with the expected one of its number. Throws where a mask is damaged.
    package mutating func compare(_ found: FrameRecord) throws(WireError) {
        guard let wanted = expected.removeValue(forKey: found.sequence) else {
            outcome.different += 1
            return note(found.sequence, "is not expected")
        }
        outcome.frames += 1
        var trouble: [String] = []
        if found.audio?.isSounding != wanted.audio?.isSounding {
            trouble.append("sounding is \(Self.word(found)), expected \(Self.word(wanted))")
        }
        let objects = Set(found.objects.map(\.objectID)).union(wanted.objects.map(\.objectID)).sorted()
        for object in objects {
            let overlap = try Self.overlap(found.objects.first { $0.objectID == object }, wanted.objects.first { $0.objectID == object })
            outcome.leastOverlap = min(outcome.leastOverlap, overlap)
            if overlap < least { trouble.append("object \(object) overlaps by \(Self.text(overlap))") }
        }
        guard !trouble.isEmpty else { return }
        outcome.different += 1
        note(found.sequence, trouble.joined(separator: ", "))
    }

    /// All frames were found: those that are left were not.
    package mutating func finish() {
        outcome.different += expected.count
        for sequence in expected.keys.sorted() { note(sequence, "is missing") }
        expected = [:]
    }

    private mutating func note(_ sequence: UInt64, _ text: String) {
        if outcome.notes.count < 10 { outcome.notes.append("frame \(sequence) \(text)") }
    }

    private static func word(_ frame: FrameRecord) -> String { frame.audio.map { String($0.isSounding) } ?? "missing" }

    private static func text(_ overlap: Double) -> String { String(Double(Int((overlap * 10_000).rounded())) / 10_000) }

    /// Intersection over union; 1 where both are empty, an object that is not there being empty too.
    private static func overlap(_ left: FrameObject?, _ right: FrameObject?) throws(WireError) -> Double {
        guard let left, let right else { return (left ?? right)?.area ?? 0 == 0 ? 1 : 0 }
        guard left.size == right.size else { return 0 }
        return try left.mask().overlap(with: right.mask())
    }
}
