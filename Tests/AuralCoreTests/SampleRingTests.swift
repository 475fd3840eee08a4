import AuralCore
import Foundation
import Glibc
import Synchronization
import Testing

@Suite struct SampleRingTests {
    /// Sample n of channel c is n + 1000 c.
    private func append(_ count: Int, to ring: SampleRing) {
        let first = ring.written
        var interleaved: [Float] = []
        for index in 0..<count {
            for channel in 0..<ring.channels { interleaved.append(Float(Int(first) + index + 1000 * channel)) }
        }
        ring.append(interleaved.span)
    }

    private func read(_ range: Range<Int64>, _ ring: SampleRing) -> (result: SampleRing.ReadResult, values: [Float]) {
        var values = [Float](repeating: -1, count: range.count * ring.channels)
        var span = values.mutableSpan
        let result = ring.read(range, into: &span)
        return (result, values)
    }

    @Test(
        "it keeps a power of two of samples, at least as many as the seconds need",
        arguments: [(8000, 10, 131_072), (48_000, 10, 524_288), (192_000, 10, 2_097_152), (1, 1, 1), (0, 0, 1), (.max, 10, 16_777_216)])
    func capacity(rate: Int, seconds: Int, capacity: Int) {
        #expect(SampleRing(channels: 1, sampleRate: rate, seconds: seconds).capacity == capacity)
    }

    @Test("samples come back channel by channel, across the edge of the ring", arguments: [1, 2, 3, 8], [0, 5, Int64(1) << 40])
    func wrap(channels: Int, start: Int64) {
        let ring = SampleRing(channels: channels, sampleRate: 16, seconds: 1, startingAt: start)
        #expect(ring.capacity == 16 && ring.written == start && ring.oldest == start)
        for count in [7, 7, 7, 7, 7] {
            let first = ring.written
            var interleaved: [Float] = []
            for index in 0..<count {
                for channel in 0..<channels { interleaved.append(Float((Int(first - start) + index) * 10 + channel)) }
            }
            // A sample that has not all its channels is none.
            interleaved += channels > 1 ? [99] : []
            ring.append(interleaved.span)
            let range = max(start, ring.written - 10)..<ring.written
            let (result, values) = read(range, ring)
            #expect(result.range == range && result.lost == 0 && result.ahead == 0)
            let expected = (0..<channels).flatMap { channel in range.map { Float(Int($0 - start) * 10 + channel) } }
            #expect(values == expected)
        }
        #expect(ring.written == start + 35 && ring.oldest == start + 19)
    }

    @Test("a piece that is longer than the ring leaves its end")
    func longPiece() {
        let ring = SampleRing(channels: 2, sampleRate: 16, seconds: 1)
        append(100, to: ring)
        let (result, values) = read(84..<100, ring)
        #expect(ring.written == 100 && result.lost == 0)
        #expect(values == (84..<100).map { Float($0) } + (1084..<1100).map { Float($0) })
    }

    @Test(
        "a reader is told what it lost, and what has not been heard; both read as zeros",
        arguments: [
            (24..<40, 24..<40, 0, 0), (20..<28, 24..<28, 4, 0), (0..<10, 24..<24, 10, 0), (36..<44, 36..<40, 0, 4), (40..<50, 40..<40, 0, 10),
            (90..<95, 40..<40, 0, 5), (10..<60, 24..<40, 14, 20), (-5..<3, 24..<24, 3, 0), (-9..<(-2), 24..<24, 0, 0), (30..<30, 30..<30, 0, 0),
        ] as [(Range<Int64>, Range<Int64>, Int64, Int64)])
    func bounds(range: Range<Int64>, present: Range<Int64>, lost: Int64, ahead: Int64) {
        let ring = SampleRing(channels: 1, sampleRate: 16, seconds: 1)
        append(40, to: ring)
        let (result, values) = read(range, ring)
        #expect(result.lost == lost && result.ahead == ahead)
        #expect(result.range.isEmpty ? present.isEmpty : result.range == present)
        #expect(values == range.map { present.contains($0) ? Float($0) : 0 })
        let (sum, energyResult) = ring.energy(in: range)
        #expect(energyResult == result)
        #expect(sum == present.reduce(0) { $0 + Double($1 * $1) })
    }

    @Test("a destination that is too small gets the beginning of each channel")
    func smallDestination() {
        let ring = SampleRing(channels: 2, sampleRate: 16, seconds: 1)
        append(10, to: ring)
        var values = [Float](repeating: -1, count: 7)
        var span = values.mutableSpan
        #expect(ring.read(endingAt: 10, count: 8, into: &span).range == 2..<5)
        #expect(values == [2, 3, 4, 1002, 1003, 1004, 0])
    }

    @Test("a gap advances the index, reads as zeros and is known")
    func gaps() {
        let ring = SampleRing(channels: 2, sampleRate: 16, seconds: 1)
        append(4, to: ring)
        ring.skip(3)
        append(2, to: ring)
        ring.skip(1)
        ring.skip(2)
        ring.skip(0)
        ring.skip(-4)
        #expect(ring.written == 12)
        #expect(ring.gaps(in: 0..<100) == [4..<7, 9..<12])
        #expect(ring.gaps(in: 6..<10) == [6..<7, 9..<10])
        #expect(ring.missing(in: 6..<10) == 2 && ring.missing(in: 0..<12) == 6 && ring.missing(in: 7..<9) == 0)
        #expect(read(2..<12, ring).values == [2, 3, 0, 0, 0, 7, 8, 0, 0, 0, 1002, 1003, 0, 0, 0, 1007, 1008, 0, 0, 0])
        #expect(ring.energy(in: 2..<12).sum == [2.0, 3, 7, 8, 1002, 1003, 1007, 1008].reduce(0) { $0 + $1 * $1 })
    }

    @Test("a gap longer than the ring leaves nothing but zeros, and costs no more than the ring")
    func longGap() {
        let ring = SampleRing(channels: 1, sampleRate: 16, seconds: 1)
        append(16, to: ring)
        ring.skip(1 << 50)
        append(1, to: ring)
        let end = ring.written
        #expect(end == 17 + 1 << 50)
        #expect(read((end - 16)..<end, ring).values == [Float](repeating: 0, count: 15) + [Float(end - 1)])
        // The index cannot leave its range.
        ring.skip(.max)
        #expect(ring.written == end)
    }

    @Test("the newest gaps are remembered, of any number")
    func manyGaps() {
        let ring = SampleRing(channels: 1, sampleRate: 1024, seconds: 1)
        for _ in 0..<100 {
            ring.skip(1)
            append(1, to: ring)
        }
        #expect(ring.gaps(in: 0..<200) == (36..<100).map { 2 * $0..<2 * $0 + 1 })
    }

    @Test(
        "what is overwritten while it is copied is lost, from the moment the writer claims it",
        arguments: [(0, 20..<36, 0), (4, 24..<36, 4), (9, 29..<36, 9), (16, 36..<36, 16), (40, 36..<36, 16)] as [(Int, Range<Int64>, Int64)])
    func overtaken(appended: Int, kept: Range<Int64>, lost: Int64) {
        let ring = SampleRing(channels: 1, sampleRate: 16, seconds: 1)
        append(36, to: ring)
        let present = ring.present(in: 20..<36)
        #expect(present == 20..<36)
        // What the writer does while a reader copies.
        append(appended, to: ring)
        let result = ring.validated(20..<36, present)
        #expect(result.range == kept && result.lost == lost && result.ahead == 0)
        // Between the claim and the new samples.
        ring.claimed.store(ring.written + 1, ordering: .relaxed)
        #expect(ring.validated(20..<36, present).lost == min(16, lost + 1))
    }

    @Test("one writer and two readers: whole samples only, and every one is either read or lost", .timeLimit(.minutes(5)))
    func stress() async {
        let total: Int64 = 200_000
        let ring = SampleRing(channels: 2, sampleRate: 1024, seconds: 1)
        let gate = Gate()
        let results = await withTaskGroup(of: Tally.self) { group in
            // One keeps up if it can; one reads all that there is, slowly, so that the writer overtakes it in the middle of a copy.
            for (piece, pause) in [(256, 0), (1024, 300)] {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        Self.onThread {
                            gate.readers.add(1, ordering: .relaxed)
                            continuation.resume(returning: Self.readAll(ring, total, piece: piece, pause: pause))
                        }
                    }
                }
            }
            Self.onThread {
                while gate.readers.load(ordering: .relaxed) < 2 { sched_yield() }
                Self.writeAll(ring, total)
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for tally in results {
            #expect(tally.wrong == 0)
            #expect(tally.read + tally.lost == total)
            #expect(tally.gaps > 0)
        }
    }

    /// Lets the writer begin when both readers are there.
    private final class Gate: Sendable {
        let readers = Atomic<Int>(0)
    }

    private struct Tally: Sendable {
        var read: Int64 = 0
        var lost: Int64 = 0
        var wrong = 0
        var gaps = 0
    }

    /// Threads of their own: a reader that waits for the writer must not hold one of the few that tests share.
    private static func onThread(_ body: @escaping @Sendable () -> Void) { Thread(block: body).start() }

    /// Sample n of channel c is n + ½ c, but one of 5 pieces is a gap.
    private static func writeAll(_ ring: SampleRing, _ total: Int64) {
        var random = SplitMix64(seed: 7)
        var piece: [Float] = []
        while ring.written < total {
            let first = ring.written
            let count = min(Int64(random.next() % 100) + 1, total - first)
            if random.next() % 5 == 0 {
                ring.skip(count)
            } else {
                piece.removeAll(keepingCapacity: true)
                for index in first..<(first + count) { piece += [Float(index), Float(index) + 0.5] }
                ring.append(piece.span)
            }
        }
    }

    private static func readAll(_ ring: SampleRing, _ total: Int64, piece: Int, pause: Int) -> Tally {
        var tally = Tally()
        var next: Int64 = 0
        var values = [Float](repeating: 0, count: 2 * piece)
        var sink = 0
        while next < total {
            let range = next..<min(next + Int64(piece), max(next, ring.written))
            if range.isEmpty {
                sched_yield()
                continue
            }
            var span = values.mutableSpan
            let result = ring.read(range, into: &span)
            for index in result.range {
                let place = Int(index - range.lowerBound)
                let (left, right) = (values[place], values[range.count + place])
                if left == 0, right == 0, index > 0 {
                    tally.gaps += 1
                } else if left != Float(index) || right != Float(index) + 0.5 {
                    tally.wrong += 1
                }
            }
            tally.read += Int64(result.range.count)
            tally.lost += result.lost
            // What was lost is not asked for again; what follows is still there, or nearly.
            next = range.upperBound
            let oldest = ring.oldest
            if piece == ring.capacity, next < oldest {
                tally.lost += oldest - next
                next = oldest
            }
            for turn in 0..<pause { sink ^= sink &* 31 &+ turn }
        }
        return sink == .min ? Tally() : tally
    }
}
