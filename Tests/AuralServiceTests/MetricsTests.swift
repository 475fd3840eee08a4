import AuralCore
import AuralWire
import Synchronization
import Testing

@testable import AuralService

@Suite struct MetricsTests {
    @Test("counters, gauges and states are written as the format says, with HELP and TYPE before them")
    func text() {
        let registry = MetricRegistry()
        registry.counter("a_total", "Line\nfeed and \\ and \".").increment(by: 3)
        registry.counter("b_seconds_total", "B.", unit: .nanoseconds).increment(by: 1_500_000_000)
        let gauge = registry.gauge("c", "C.", [("x", "a\"b\\c\nd"), ("y", "é")], -1.25)
        registry.stateSet("d", "D.", [("s", "1")], states: ["off", "on"]).set("on")
        registry.reading("e", "E.") { .infinity }
        let expected = #"""
            # HELP a_total Line\nfeed and \\ and ".
            # TYPE a_total counter
            a_total 3
            # HELP b_seconds_total B.
            # TYPE b_seconds_total counter
            b_seconds_total 1.5
            # HELP c C.
            # TYPE c gauge
            c{x="a\"b\\c\nd",y="é"} -1.25
            # HELP d D.
            # TYPE d gauge
            d{s="1",state="off"} 0
            d{s="1",state="on"} 1
            # HELP e E.
            # TYPE e gauge
            e +Inf

            """#
        #expect(registry.render() == expected)
        gauge.follow { .nan }
        #expect(registry.render().contains(" NaN\n"))
    }

    @Test("a duration falls into the bucket whose bound it does not exceed; sum and count follow")
    func histogram() throws {
        let registry = MetricRegistry()
        let histogram = registry.histogram("h_seconds", "H.", [("stage", "x")])
        for nanoseconds in [-5, 0, 100_000, 100_001, 10_000_000_000, 10_000_000_001, 60_000_000_000] as [Int64] {
            histogram.observe(nanoseconds: nanoseconds)
        }
        let exposition = try MetricsExposition(registry.render())
        func bucket(_ bound: String) -> Double? { exposition.value("h_seconds_bucket", ["le": bound, "stage": "x"]) }
        #expect(bucket("0.0001") == 3 && bucket("0.00025") == 4 && bucket("5") == 4 && bucket("10") == 5 && bucket("+Inf") == 7)
        #expect(exposition.value("h_seconds_count") == 7 && histogram.count == 7)
        #expect(try abs(#require(exposition.value("h_seconds_sum")) - 80.000200002) < 1e-9)
        #expect(exposition["h_seconds"]?.samples.count == Histogram.bounds.count + 3)
    }

    @Test("the same name and labels are the same metric, other labels join the family")
    func identity() throws {
        let registry = MetricRegistry()
        let first = registry.counter("a_total", "A.", [("x", "1")])
        #expect(registry.counter("a_total", "A.", [("x", "1")]) === first)
        registry.counter("a_total", "A.", [("x", "2")]).increment()
        let exposition = try MetricsExposition(registry.render())
        #expect(exposition.families.count == 1 && exposition.value("a_total", ["x": "2"]) == 1)
    }

    @Test("increments from several threads all count, and a scrape among them adds up", .timeLimit(.minutes(5)))
    func concurrent() async throws {
        let registry = MetricRegistry()
        let counter = registry.counter("a_total", "A.")
        let histogram = registry.histogram("h_seconds", "H.")
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<4 {
                tasks.addTask {
                    for index in 0..<20_000 {
                        counter.increment()
                        histogram.observe(nanoseconds: Int64(index) * 100_000)
                        if task == 0, index % 1000 == 0 { _ = try MetricsExposition(registry.render()) }
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(counter.value == 80_000 && histogram.count == 80_000)
    }

    @Test("the program's name in stat may contain what it likes")
    func processorTime() {
        let fields = "S 1 2 3 4 5 6 7 8 9 10 250 50 0 0"
        #expect(ProcessStatistics.processorTicks("1234 (aurald) \(fields)") == 300)
        #expect(ProcessStatistics.processorTicks("1234 (a) b) (c) \(fields)") == 300)
        for text in ["", "1234 (aurald", "1234 (aurald) S 1 2"] { #expect(ProcessStatistics.processorTicks(text) == 0) }
        #expect(ProcessStatistics.residentPages("500 25 3") == 25 && ProcessStatistics.residentPages("") == 0)
        let now = ProcessStatistics.now()
        #expect(now.residentBytes > 1_000_000 && now.processorSeconds > 0 && now.openDescriptors >= 3)
    }
}
