import AuralCore
import AuralService
import ServiceLifecycle
import Testing

@Suite struct WatchdogTests {
    private func time(_ seconds: Double) -> MonoTime { MonoTime(nanoseconds: Int64(seconds * 1e9)) }

    private func late(_ name: String, _ silence: Int64, _ maximum: Int64) -> WatchdogMachine.LateStage {
        WatchdogMachine.LateStage(name: name, silence: silence * 1_000_000_000, maximumSilence: maximum * 1_000_000_000)
    }

    private var machine: WatchdogMachine {
        var machine = WatchdogMachine()
        machine.register("camera", maximumSilence: 2_000_000_000, at: time(100))
        machine.register("inference", maximumSilence: 5_000_000_000, at: time(100))
        return machine
    }

    @Test("every stage must move within its time; a stage that never begins is late too")
    func silence() {
        var machine = machine
        #expect(WatchdogMachine().feed(at: time(0)) == .feed, "nothing to supervise")
        #expect(machine.feed(at: time(102)) == .feed, "exactly at the limit")
        #expect(machine.feed(at: time(103)) == .withhold([late("camera", 3, 2)]))
        #expect(machine.feed(at: time(106)) == .withhold([late("camera", 6, 2), late("inference", 6, 5)]))
        machine.moved("camera", at: time(106))
        #expect(machine.feed(at: time(107)) == .withhold([late("inference", 7, 5)]))
        machine.moved("inference", at: time(107))
        #expect(machine.feed(at: time(108)) == .feed)
    }

    @Test("who waits on purpose or is switched off may be silent for ever, until it works again")
    func waiting() {
        var machine = machine
        machine.waits("camera", "no device")
        machine.disabled("inference")
        #expect(machine.feed(at: time(1_000_000)) == .feed)
        machine.moved("camera", at: time(1_000_000))
        #expect(machine.feed(at: time(1_000_003)) == .withhold([late("camera", 3, 2)]))
        machine.moved("inference", at: time(1_000_003))
        machine.disabled("camera")
        #expect(machine.feed(at: time(1_000_008)) == .feed)
        #expect(machine.feed(at: time(1_000_009)) == .withhold([late("inference", 6, 5)]))
    }

    @Test("reports out of order, of unknown stages and from the future do no harm")
    func odd() {
        var machine = machine
        machine.moved("camera", at: time(110))
        machine.moved("camera", at: time(105))
        machine.moved("nobody", at: time(105))
        machine.moved("inference", at: MonoTime(nanoseconds: .max))
        #expect(machine.feed(at: time(112)) == .feed)
        #expect(machine.feed(at: MonoTime(nanoseconds: .min)) == .feed)
        machine.register("camera", maximumSilence: 1_000_000_000, at: time(200))
        #expect(machine.feed(at: time(202)) == .withhold([late("camera", 2, 1)]), "registered anew")
    }

    @Test("lateness and recovery are told once each")
    func changes() {
        var machine = machine
        #expect(machine.changes(at: time(101)) == [])
        #expect(machine.changes(at: time(103)) == [.late(late("camera", 3, 2))])
        #expect(machine.changes(at: time(104)) == [])
        #expect(machine.changes(at: time(106)) == [.late(late("inference", 6, 5))])
        machine.moved("camera", at: time(107))
        machine.waits("inference", "no frames")
        #expect(machine.changes(at: time(107)) == [.recovered(name: "camera"), .recovered(name: "inference")])
        #expect(machine.changes(at: time(108)) == [])
    }

    @Test("a stage's progress says what the stage said last")
    func progress() {
        let clock = ManualClock(seconds: 3)
        let progress = StageProgress(stage: "camera", maximumSilence: 1, clock: clock)
        #expect(progress.activity == .working(since: time(3)))
        progress.waits("no device")
        #expect(progress.activity == .waiting("no device"))
        progress.waits("busy")
        #expect(progress.activity == .waiting("busy"))
        clock.set(seconds: 4)
        progress.moved()
        #expect(progress.activity == .working(since: time(4)))
        progress.disabled()
        #expect(progress.activity == .disabled)
    }

    @Test("a stage that is followed moves with what it counts, which ends no waiting; its silence may change")
    func followed() {
        let clock = ManualClock(seconds: 3)
        let progress = StageProgress(stage: "microphone", maximumSilence: 1, clock: clock)
        let latest = ManualClock(seconds: 0)
        progress.follow { latest.now() }
        #expect(progress.activity == .working(since: time(3)), "nothing was counted yet")
        latest.set(seconds: 5)
        #expect(progress.activity == .working(since: time(5)))
        progress.waits("absent")
        latest.set(seconds: 6)
        #expect(progress.activity == .waiting("absent"))
        progress.disabled()
        #expect(progress.activity == .disabled)
        clock.set(seconds: 7)
        progress.moved()
        #expect(progress.activity == .working(since: time(7)))
        progress.allow(silence: 9)
        #expect(progress.maximumSilence == 9)
        var machine = machine
        machine.allows("camera", maximumSilence: 60_000_000_000)
        #expect(machine.feed(at: time(106)) == .withhold([late("inference", 6, 5)]))
        machine.allows("nobody", maximumSilence: 0)
        machine.allows("camera", maximumSilence: 1_000_000_000)
        #expect(machine.feed(at: time(102)) == .withhold([late("camera", 2, 1)]))
    }

    @Test("the manager is fed for a stage that only counts, and for as long as its silence is allowed", .timeLimit(.minutes(5)))
    func counted() async throws {
        let manager = try NotifyReceiver()
        try await supervise(interval: 10_000_000_000, notifier: ServiceNotifier(environment: manager.environment)) { progress, clock, timer, sink in
            #expect(await manager.arrival() == "WATCHDOG=1")
            progress.follow { clock.now() }
            for second in [50.0, 100, 150] {
                clock.set(seconds: second)
                timer.tick()
                #expect(await manager.arrival() == "WATCHDOG=1")
            }
            progress.follow { MonoTime(nanoseconds: 150_000_000_000) }
            progress.allow(silence: 60_000_000_000)
            clock.set(seconds: 210)
            timer.tick()
            #expect(await manager.arrival() == "WATCHDOG=1")
            progress.allow(silence: 59_000_000_000)
            timer.tick()
            #expect(await sink.next()?.contains("allowed_s=59 silent_s=60") == true)
        }
        #expect(manager.next() == "STOPPING=1\nSTATUS=ending")
    }

    /// A watchdog on a manual clock, for the length of `body`; then it must end well.
    private func supervise(
        interval: Int64?, notifier: ServiceNotifier, _ body: (StageProgress, ManualClock, ManualTimer, LineSink) async throws -> Void
    ) async throws {
        let (clock, timer, sink) = (ManualClock(seconds: 0), ManualTimer(), LineSink())
        let progress = StageProgress(stage: "inference", maximumSilence: 5_000_000_000, clock: clock)
        let service = WatchdogService(
            stages: [progress], interval: interval, notifier: notifier, logger: sink.logger(clock: clock), clock: clock, timer: timer)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [.init(service: service)], logger: LineSink().logger()))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(progress, clock, timer, sink)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test("the manager is fed while the stage moves, not while it hangs, and again after", .timeLimit(.minutes(5)))
    func service() async throws {
        let manager = try NotifyReceiver()
        try await supervise(interval: 10_000_000_000, notifier: ServiceNotifier(environment: manager.environment)) { progress, clock, timer, sink in
            #expect(await manager.arrival() == "WATCHDOG=1", "the first at once")
            clock.set(seconds: 5)
            timer.tick()
            #expect(await manager.arrival() == "WATCHDOG=1")
            clock.set(seconds: 11)
            timer.tick()
            #expect(
                await sink.next()
                    == "<3>a stage has stopped moving; the watchdog gets no sign of life until it moves allowed_s=5 silent_s=11 stage=inference\n"
            )
            progress.moved()
            timer.tick()
            #expect(await sink.next() == "<5>a stage moves again stage=inference\n")
            #expect(await manager.arrival() == "WATCHDOG=1")
        }
        #expect(manager.next() == "STOPPING=1\nSTATUS=ending", "and no sign of life for the time when the stage hung")
    }

    @Test("without a manager a late stage is only logged, once", .timeLimit(.minutes(5)))
    func unsupervised() async throws {
        let manager = try NotifyReceiver()
        try await supervise(interval: nil, notifier: ServiceNotifier(environment: manager.environment)) { progress, clock, timer, sink in
            clock.set(seconds: 6)
            timer.tick()
            timer.tick()
            #expect(await sink.next() == "<3>a stage has stopped moving allowed_s=5 silent_s=6 stage=inference\n")
            progress.waits("no frames")
            timer.tick()
            #expect(await sink.next() == "<5>a stage moves again stage=inference\n")
            #expect(sink.lines.count == 2)
        }
        #expect(manager.next() == "STOPPING=1\nSTATUS=ending", "no sign of life that nobody asked for")
    }
}
