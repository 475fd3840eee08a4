import AuralCore
import Testing

@testable import AuralHearing

@Suite struct SilenceGateTests {
    private static let settings = SilenceGate.Settings(open: -50, close: -56, holdNanoseconds: 400_000_000)

    /// A level at a time in milliseconds, and whether the gate is open then.
    private typealias Step = (time: Int64, level: Double, isOpen: Bool)

    private func run(_ steps: [Step], _ settings: SilenceGate.Settings = settings) {
        var gate = SilenceGate(settings)
        for (number, step) in steps.enumerated() {
            #expect(gate.hear(step.level, at: MonoTime(nanoseconds: step.time * 1_000_000)) == step.isOpen, "step \(number)")
            #expect(gate.isOpen == step.isOpen)
        }
    }

    @Test("opens at the level, not below it", .timeLimit(.minutes(5)))
    func opens() {
        run([(0, -120, false), (10, -50.01, false), (20, -56, false), (30, -50, true), (40, 0, true)])
    }

    @Test("stays open between the levels for ever, closes when it was below for as long as is set", .timeLimit(.minutes(5)))
    func closes() {
        run([(0, -20, true), (10, -55, true), (100_000, -56, true), (100_010, -56.01, true), (100_409, -90, true), (100_410, -90, false)])
        run([(0, -20, true), (100, -60, true), (499, -60, true), (500, -60, false), (501, -55, false), (502, -50, true)])
    }

    @Test("each moment above the lower level begins the hold anew", .timeLimit(.minutes(5)))
    func again() {
        run([(0, -20, true), (100, -60, true), (400, -55, true), (450, -60, true), (800, -60, true), (850, -60, false)])
        run([(0, -20, true), (100, -60, true), (499, -40, true), (600, -60, true), (999, -60, true), (1_000, -60, false)])
    }

    @Test("what is no number is silence, an infinite level is a level", .timeLimit(.minutes(5)))
    func odd() {
        run([(0, .nan, false), (1, -.infinity, false), (2, .infinity, true), (3, .nan, true), (402, .nan, true), (403, .nan, false)])
    }

    @Test("time that stands still or goes back never closes it early", .timeLimit(.minutes(5)))
    func time() {
        run([(1_000, -20, true), (1_000, -60, true), (1_000, -60, true), (500, -60, true), (899, -60, true), (900, -60, false)])
        var gate = SilenceGate(Self.settings)
        for time in [Int64.max, .min, .max, 0, .min] {
            gate.hear(0, at: MonoTime(nanoseconds: time))
            gate.hear(-100, at: MonoTime(nanoseconds: time))
            #expect(gate.isOpen)
        }
    }

    @Test("no hold closes at once; a lower level above the upper one is taken as equal to it", .timeLimit(.minutes(5)))
    func changed() {
        run([(0, -40, true), (0, -56.01, false), (0, -40, true)], .init(open: -50, close: -56, holdNanoseconds: 0))
        run([(0, -49, true), (1, -50, true), (2, -50.1, false)], .init(open: -50, close: -20, holdNanoseconds: 0))
        var gate = SilenceGate(Self.settings)
        gate.hear(-30, at: MonoTime(nanoseconds: 0))
        gate.settings.open = -10
        gate.settings.close = -20
        #expect(gate.hear(-30, at: MonoTime(nanoseconds: 1)) && !gate.hear(-30, at: MonoTime(nanoseconds: 400_000_001)))
    }
}
