import AuralCore
import AuralService
import Logging
import ServiceLifecycle
import Testing

@Suite struct LogLimitTests {
    private func time(_ seconds: Double) -> MonoTime { MonoTime(nanoseconds: Int64(seconds * 1e9)) }

    private func key(_ message: String, _ level: Logger.Level = .error) -> RepeatLimiter.Key {
        RepeatLimiter.Key(level: level, message: message, label: "aurald")
    }

    @Test("five of the same in ten seconds are written, the rest counted and told when the window is over")
    func limit() {
        var limiter = RepeatLimiter()
        let admitted = (0..<20).map { limiter.admit(key("a"), at: time(Double($0) * 0.4)).isAdmitted }
        #expect(admitted == (0..<20).map { $0 < 5 })
        #expect(limiter.expire(at: time(9.9)) == [])
        let next = limiter.admit(key("a"), at: time(10))
        #expect(next.isAdmitted && next.summaries == [.init(key: key("a"), suppressed: 15)])
        #expect(limiter.expire(at: time(30)) == [], "one message is no excess")
        #expect(limiter.drain() == [])
    }

    @Test("another message ends no window before its time, and tells of those that are over")
    func others() {
        var limiter = RepeatLimiter()
        for _ in 0..<8 { _ = limiter.admit(key("a"), at: time(0)) }
        for _ in 0..<7 { _ = limiter.admit(key("a", .info), at: time(1)) }
        #expect(limiter.admit(key("b"), at: time(9)).summaries == [])
        #expect(limiter.admit(key("b"), at: time(12)).summaries == [.init(key: key("a"), suppressed: 3), .init(key: key("a", .info), suppressed: 2)])
        for _ in 0..<8 { _ = limiter.admit(key("c"), at: time(12)) }
        #expect(limiter.drain() == [.init(key: key("c"), suppressed: 3)])
    }

    @Test("at most 256 messages are told apart; those that came longest ago are told and forgotten")
    func memory() {
        var limiter = RepeatLimiter()
        for _ in 0..<9 { _ = limiter.admit(key("old"), at: time(0)) }
        for _ in 0..<6 { _ = limiter.admit(key("busy"), at: time(0)) }
        for number in 0..<254 { #expect(limiter.admit(key("\(number)"), at: time(0)).summaries == []) }
        _ = limiter.admit(key("busy"), at: time(0))
        #expect(limiter.admit(key("one more"), at: time(0)).summaries == [.init(key: key("old"), suppressed: 4)])
        #expect(limiter.admit(key("old"), at: time(0)).isAdmitted, "forgotten")
        #expect(!limiter.admit(key("busy"), at: time(0)).isAdmitted, "not forgotten")
        for number in 0..<100_000 { _ = limiter.admit(key("flood \(number)"), at: time(0)) }
        #expect(limiter.drain() == [])
    }

    @Test("long messages are told apart by their beginnings")
    func long() {
        let beginning = String(repeating: "x", count: 512)
        #expect(key(beginning + "a") == key(beginning + "b") && key("a") != key("b"))
    }

    @Test("in the log, the number of lines that are missing stands before the line that follows them")
    func summaries() {
        let (sink, clock) = (LineSink(), ManualClock())
        let logger = sink.logger(clock: clock)
        for number in 0..<8 { logger.warning("frame lost", metadata: ["seq": "\(number)"]) }
        clock.set(seconds: 11)
        logger.info("client connected")
        #expect(sink.lines == (0..<5).map { "<4>frame lost seq=\($0)\n" } + ["<4>frame lost suppressed=3\n", "<6>client connected\n"])
    }

    @Test("it is told also when no line follows", .timeLimit(.minutes(5)))
    func flush() async throws {
        let (sink, clock, timer) = (LineSink(), ManualClock(), ManualTimer())
        let output = LogOutput(settings: LogSettings(), format: .journal, sink: sink, clock: clock)
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: LogFlushService(output: output, timer: timer))], logger: LineSink().logger()))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            func write(_ count: Int) { for _ in 0..<count { output.write(LogLine(level: .error, label: "aurald", message: "m")) } }
            write(7)
            clock.set(seconds: 10)
            timer.tick()
            for _ in 0..<5 { #expect(await sink.next() == "<3>m\n") }
            #expect(await sink.next() == "<3>m suppressed=2\n")
            write(6)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(sink.lines.last == "<3>m suppressed=1\n", "at the end, without waiting")
    }

    @Test("threads do not mix their lines", .timeLimit(.minutes(5)))
    func threads() async {
        let sink = LineSink()
        let logger = sink.logger()
        await withTaskGroup(of: Void.self) { tasks in
            for task in 0..<8 {
                tasks.addTask { for number in 0..<200 { logger.notice("\(task) \(number)") } }
            }
        }
        #expect(Set(sink.lines) == Set((0..<8).flatMap { task in (0..<200).map { "<5>\(task) \($0)\n" } }) && sink.lines.count == 1600)
    }
}
