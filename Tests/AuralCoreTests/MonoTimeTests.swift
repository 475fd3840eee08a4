import AuralCore
import Testing

@Suite struct MonoTimeTests {
    @Test(
        "a difference of two times saturates where it does not fit",
        arguments: [
            (5, 3, 2), (3, 5, -2), (.max, .min, .max), (.min, .max, .min), (.max, -1, .max), (.min, 1, .min), (0, .min, .max), (-1, .min, .max),
        ] as [(Int64, Int64, Int64)])
    func difference(_ later: Int64, _ earlier: Int64, _ expected: Int64) {
        #expect(MonoTime(nanoseconds: later).nanoseconds(since: MonoTime(nanoseconds: earlier)) == expected)
    }

    @Test(
        "a time that is moved saturates where it leaves the clock",
        arguments: [
            (5, 3, 8), (5, -8, -3), (.max, 1, .max), (.min, -1, .min), (.max - 1, 1, .max), (1, .max, .max), (-2, .min, .min), (.max, .min, -1),
        ] as [(Int64, Int64, Int64)])
    func advance(_ start: Int64, _ delta: Int64, _ expected: Int64) {
        #expect(MonoTime(nanoseconds: start).advanced(byNanoseconds: delta).nanoseconds == expected)
    }

    @Test("times are ordered, and the system's clock does not go back")
    func order() {
        #expect(MonoTime(nanoseconds: -1) < MonoTime(nanoseconds: 0))
        #expect(!(MonoTime(nanoseconds: 1) < MonoTime(nanoseconds: 1)))
        let source = SystemTimeSource()
        let readings = (0..<1000).map { _ in source.now() }
        #expect(readings == readings.sorted())
        #expect(readings[0].nanoseconds > 0)
    }
}
