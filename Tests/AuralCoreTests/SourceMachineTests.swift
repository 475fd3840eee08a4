import AuralCore
import Testing

/// Milliseconds on a clock of the test's own.
private func at(_ milliseconds: Int64) -> MonoTime { MonoTime(nanoseconds: milliseconds * 1_000_000) }

@Suite struct SourceMachineTests {
    typealias Action = SourceMachine.Action

    /// The states a machine can be in, by what a driver has done with it.
    enum Situation: CaseIterable {
        case fresh, opening, starting, streaming, waiting, stopped

        /// A machine that is in it, at `at(1000)`.
        var machine: SourceMachine {
            var machine = SourceMachine()
            if self == .fresh { return machine }
            _ = machine.start()
            switch self {
            case .fresh, .opening: break
            case .starting: _ = machine.opened(at: at(1000))
            case .streaming: _ = (machine.opened(at: at(1000)), machine.delivered(at: at(1000)))
            case .waiting: _ = machine.failed(.absent, "no camera", at: at(1000))
            case .stopped: _ = machine.stop()
            }
            return machine
        }
    }

    enum Event: CaseIterable {
        case start, stop, opened, absent, busy, denied, fault, delivered, broke, gone, changed, released, late

        func apply(_ machine: inout SourceMachine) -> [Action] {
            switch self {
            case .start: machine.start()
            case .stop: machine.stop()
            case .opened: machine.opened(at: at(1100))
            case .absent: machine.failed(.absent, "why", at: at(1100))
            case .busy: machine.failed(.busy, "why", at: at(1100))
            case .denied: machine.failed(.denied, "why", at: at(1100))
            case .fault: machine.failed(.fault, "why", at: at(1100))
            case .delivered: machine.delivered(at: at(1100))
            case .broke: machine.broke("why", isGone: false, at: at(1100))
            case .gone: machine.broke("why", isGone: true, at: at(1100))
            case .changed: machine.devicesChanged(at: at(1100))
            case .released: machine.devicesChanged(at: at(1300), isRelease: true)
            case .late: machine.tick(at: at(4000))
            }
        }
    }

    private static let stall = "nothing came for 2.0 s; opening it again"

    /// What each event does in each state; what is not listed does nothing.
    private static let table: [Situation: [Event: [Action]]] = [
        .fresh: [.start: [.report(.opening, detail: nil), .open], .opened: [.close], .stop: [.report(.ended, detail: nil)]],
        .opening: [
            .stop: [.report(.ended, detail: nil)], .opened: [],
            .absent: [.report(.absent, detail: "why")], .busy: [.report(.busy, detail: "why")],
            .denied: [.report(.denied, detail: "why")], .fault: [.report(.backoff, detail: "why")],
        ],
        .starting: [
            .stop: [.close, .report(.ended, detail: nil)], .delivered: [.report(.streaming, detail: nil)],
            .broke: [.close, .report(.opening, detail: "why"), .open], .gone: [.close, .report(.absent, detail: "why")],
            .late: [.report(.stalled, detail: stall), .close, .report(.opening, detail: stall), .open],
        ],
        .streaming: [
            .stop: [.close, .report(.ended, detail: nil)],
            .broke: [.close, .report(.opening, detail: "why"), .open], .gone: [.close, .report(.absent, detail: "why")],
            .late: [.report(.stalled, detail: stall), .close, .report(.opening, detail: stall), .open],
        ],
        .waiting: [.stop: [.report(.ended, detail: nil)], .opened: [.close], .late: [.open]],
        .stopped: [.start: [.report(.opening, detail: nil), .open], .opened: [.close]],
    ]

    @Test("every event in every state does what the table says, and nothing else", .timeLimit(.minutes(5)), arguments: Situation.allCases)
    func table(situation: Situation) {
        for event in Event.allCases {
            var machine = situation.machine
            let actions = event.apply(&machine)
            #expect(actions == Self.table[situation]?[event] ?? [], "\(event) in \(situation)")
        }
    }

    /// The waits between tries, in nanoseconds, of a device that cannot be opened.
    private func waits(_ machine: inout SourceMachine, _ count: Int, from now: inout MonoTime) throws -> [Int64] {
        var waits: [Int64] = []
        for _ in 0..<count {
            _ = machine.failed(.fault, "no", at: now)
            let deadline = try #require(machine.deadline)
            waits.append(deadline.nanoseconds(since: now))
            #expect(machine.tick(at: deadline.advanced(byNanoseconds: -1)) == [])
            #expect(machine.tick(at: deadline) == [.open])
            now = deadline
        }
        return waits
    }

    @Test("waits double from 0.5 s to 30 s, each up to a tenth longer", .timeLimit(.minutes(5)))
    func backoff() throws {
        for seed in 0..<50 as Range<UInt64> {
            var machine = SourceMachine(seed: seed)
            var now = at(0)
            _ = machine.start()
            let waits = try waits(&machine, 12, from: &now)
            for (index, wait) in waits.enumerated() {
                let doubled: Int64 = index < 6 ? 500_000_000 << Int64(index) : 30_000_000_000 / 11 * 10
                #expect(wait >= doubled && wait <= min(doubled + doubled / 10, 30_000_000_000) + 10, "\(index): \(wait)")
            }
        }
    }

    @Test("machines with different seeds do not wait equally long", .timeLimit(.minutes(5)))
    func jitter() throws {
        let waits = try (0..<20 as Range<UInt64>).map { seed in
            var machine = SourceMachine(seed: seed)
            var now = at(0)
            _ = machine.start()
            return try self.waits(&machine, 1, from: &now)[0]
        }
        #expect(Set(waits).count > 15)
    }

    @Test(
        "a device that fails is opened at once the first time; a second of streaming earns that again, less does not",
        .timeLimit(.minutes(5)), arguments: [(999, false), (1000, true), (60_000, true)])
    func earned(streamed: Int64, isEarned: Bool) {
        var machine = SourceMachine()
        _ = machine.start()
        _ = (machine.opened(at: at(0)), machine.delivered(at: at(0)))
        #expect(machine.broke("one", isGone: false, at: at(10)).last == .open)
        _ = (machine.opened(at: at(20)), machine.delivered(at: at(20)))
        _ = machine.delivered(at: at(20 + streamed))
        let again = machine.broke("two", isGone: false, at: at(20 + streamed))
        #expect(again == (isEarned ? [.close, .report(.opening, detail: "two"), .open] : [.close, .report(.backoff, detail: "two")]))
    }

    @Test("a change among the devices cuts a wait to a quarter of a second, and many changes do not prolong it", .timeLimit(.minutes(5)))
    func hotPlug() throws {
        var machine = SourceMachine()
        var now = at(0)
        _ = machine.start()
        _ = try waits(&machine, 8, from: &now)
        _ = machine.failed(.absent, "gone", at: now)
        for later in 0..<20 as Range<Int64> {
            #expect(machine.devicesChanged(at: now.advanced(byNanoseconds: later * 10_000_000)) == [])
            #expect(machine.deadline == now.advanced(byNanoseconds: 250_000_000))
        }
    }

    @Test("a change never makes a wait longer", .timeLimit(.minutes(5)))
    func neverLonger() throws {
        var machine = Situation.waiting.machine
        let deadline = try #require(machine.deadline)
        _ = machine.devicesChanged(at: deadline.advanced(byNanoseconds: -1000))
        #expect(machine.deadline == deadline)
    }

    @Test("a change while the device is being opened is not forgotten when that fails", .timeLimit(.minutes(5)))
    func changeWhileOpening() throws {
        var machine = Situation.opening.machine
        _ = machine.devicesChanged(at: at(1000))
        _ = machine.failed(.denied, "permissions come later", at: at(1001))
        #expect(machine.deadline == at(1251))
        _ = machine.tick(at: at(1251))
        _ = machine.failed(.denied, "permissions come later", at: at(1251))
        #expect(try #require(machine.deadline) >= at(2251))
    }

    @Test("our own closing of a busy device is not taken for another's; another's ends the wait", .timeLimit(.minutes(5)))
    func release() throws {
        var machine = Situation.opening.machine
        _ = machine.failed(.busy, "held by 1", at: at(1000))
        let deadline = try #require(machine.deadline)
        _ = machine.devicesChanged(at: at(1001), isRelease: true)
        #expect(machine.deadline == deadline)
        _ = machine.tick(at: deadline)
        _ = machine.failed(.busy, "held by 1", at: at(2000))
        _ = machine.devicesChanged(at: at(2260), isRelease: true)
        #expect(machine.deadline == at(2510))
    }

    @Test("an absent device stays absent however often it is tried, and a new reason is told", .timeLimit(.minutes(5)))
    func quiet() throws {
        var machine = SourceMachine()
        var now = at(0)
        _ = machine.start()
        var reports: [Action] = []
        for detail in ["none", "none", "none", "none", "another", "another"] {
            reports += machine.failed(.absent, detail, at: now)
            now = try #require(machine.deadline)
            #expect(machine.tick(at: now) == [.open])
        }
        #expect(reports == [.report(.absent, detail: "none"), .report(.absent, detail: "another")])
    }

    @Test("a stall is seen at its time and not before, and data puts it off", .timeLimit(.minutes(5)))
    func stall() {
        var machine = SourceMachine(.init(stallNanoseconds: 5_000_000_000))
        _ = machine.start()
        _ = (machine.opened(at: at(0)), machine.delivered(at: at(4000)))
        #expect(machine.tick(at: at(8999)) == [])
        let detail = "nothing came for 5.0 s; opening it again"
        #expect(machine.tick(at: at(9000)) == [.report(.stalled, detail: detail), .close, .report(.opening, detail: detail), .open])
        #expect(machine.state == .opening && machine.deadline == nil)
    }

    @Test("data that comes after the end sets no clock going", .timeLimit(.minutes(5)), arguments: [Situation.stopped, .waiting, .opening])
    func lateData(situation: Situation) {
        var machine = situation.machine
        let deadline = machine.deadline
        #expect(machine.delivered(at: at(5000)) == [])
        #expect(machine.deadline == deadline)
    }

    @Test("a million random events never break the rules", .timeLimit(.minutes(5)))
    func fuzz() {
        for seed in 0..<100 as Range<UInt64> {
            var model = Model(seed: seed)
            for _ in 0..<10_000 {
                if let fault = model.step() {
                    Issue.record("seed \(seed): \(fault)")
                    return
                }
            }
            #expect(model.openings > 10, "seed \(seed)")
        }
    }

    /// A driver that does what it is told, of a device that does as chance has it, and an eye on both.
    private struct Model {
        private var random: SplitMix64
        private var machine: SourceMachine
        private var now = at(0)
        private var isOpen = false
        private var isAsked = false
        private var isRunning = false
        private var last: Action?
        private(set) var openings = 0

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            machine = SourceMachine(seed: seed)
        }

        mutating func step() -> String? {
            now = now.advanced(byNanoseconds: Int64(random.next() % 700_000_000))
            let before = now
            var isWait = false
            let actions: [Action]
            let event = random.next() % 12
            switch event {
            case 0 where random.next() % 8 == 0:
                actions = machine.stop()
                isRunning = false
                isAsked = false
            case 0: (actions, isRunning) = (machine.start(), true)
            case 1...3 where isAsked:
                isAsked = false
                isOpen = true
                actions = machine.opened(at: now)
            case 4 where isAsked:
                isAsked = false
                isWait = true
                let obstacles: [SourceMachine.Obstacle] = [.absent, .busy, .denied, .fault]
                actions = machine.failed(obstacles[Int(random.next() % 4)], "reason \(random.next() % 2)", at: now)
            case 5, 6: actions = machine.delivered(at: now)
            case 7: actions = machine.broke("reason \(random.next() % 2)", isGone: random.next() % 2 == 0, at: now)
            case 8:
                actions = machine.devicesChanged(at: now)
                if isRunning, !isOpen, !isAsked, machine.deadline.map({ $0.nanoseconds(since: before) > 250_000_000 }) ?? true {
                    return "a change does not cut the wait: \(String(describing: machine.deadline))"
                }
                if !actions.isEmpty { return "a change does something at once" }
            case 9: actions = machine.devicesChanged(at: now, isRelease: true)
            default: actions = machine.tick(at: now)
            }
            for action in actions {
                switch action {
                case .open:
                    if isOpen || isAsked { return "open while open" }
                    if !isRunning { return "open while stopped" }
                    isAsked = true
                    openings += 1
                case .close:
                    if !isOpen { return "closed twice" }
                    isOpen = false
                case .report:
                    if action == last { return "\(action) is said twice" }
                    last = action
                }
            }
            if isRunning, !isAsked, machine.deadline == nil { return "no deadline after event \(event)" }
            if !isRunning, machine.deadline != nil || isOpen { return "not at rest after event \(event)" }
            if isWait, let wait = machine.deadline?.nanoseconds(since: now), !(250_000_000...30_000_000_000).contains(wait) {
                return "waits \(wait)"
            }
            return nil
        }
    }
}
