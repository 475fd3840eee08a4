import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Testing

@testable import AuralService

@Suite(.serialized) struct LoadTests {
    private static let everyone = ClientBenchmark.Crowd.Size(reading: 178, stalled: 20, garbage: 2)
    private static let good = ClientBenchmark.Crowd.Size(reading: 178, stalled: 0, garbage: 0)

    /// Runs what blocks on a thread of its own.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { answer in
            Thread { answer.resume(with: Result { try body() }) }.start()
        }
    }

    /// Publishes frames to a crowd; returns what the source and what the clients saw.
    private func run(
        _ size: ClientBenchmark.Crowd.Size, _ fixture: ServerFixture, frames: Int, rate: Double, pacer: any Pacer
    ) async throws -> (ClientBenchmark.Publisher.Outcome, ClientBenchmark.Crowd.Outcome) {
        let (greeted, ready) = AsyncStream<Void>.makeStream()
        let path = fixture.path
        async let crowd = Self.onThread {
            defer { ready.finish() }
            return try ClientBenchmark.Crowd(path: path, size: size).run { ready.yield() }
        }
        for await _ in greeted { break }
        let hub = fixture.hub
        let published = try await Self.onThread { try ClientBenchmark.Publisher(hub: hub, rate: rate, pacer: pacer).run(frames: frames) }
        return (published, try await crowd)
    }

    @Test(
        "200 clients, 20 that never read and 2 that send garbage, faster than anybody can read: the source loses nothing, and every client that reads can account for every frame",
        .timeLimit(.minutes(5)))
    func overload() async throws {
        let metrics = DaemonMetrics(.init(version: "1", backend: "none", device: "cpu", video: "clip", audio: nil))
        try await ServerFixture.withServer(maximumClients: 200, maximumClientBytes: 65_536, metrics: metrics) { fixture in
            let frames = 600
            let (published, outcome) = try await run(Self.everyone, fixture, frames: frames, rate: 30, pacer: UnpacedPacer())
            #expect(published.frames == frames && fixture.hub.framesPublished == UInt64(frames))
            #expect(outcome.accounted.count == Self.everyone.reading && outcome.unaccounted(frames: UInt64(frames)) == 0)
            #expect(outcome.delivered + outcome.dropped == UInt64(frames * Self.everyone.reading) && outcome.delivered > 0)
            // The 20 alone do not read 600 records of 2.4 kB, of which the kernel and their queue take some hundred.
            #expect(metrics.recordsDropped[.latest].value >= outcome.dropped + 20)
            #expect(metrics.prompts(.invalid, PromptResult(.badRequest)).value > 0)
            #expect(outcome.stalledConnected == Self.everyone.stalled, "policy latest is no reason to end a connection")
        }
    }

    @Test("at a camera's pace every client that reads gets every frame, with bad clients beside it and without", .timeLimit(.minutes(5)))
    func pace() async throws {
        var report: [String] = []
        for (name, size) in [("178 good clients", Self.good), ("20 stalled and 2 garbage beside them", Self.everyone)] {
            try await ServerFixture.withServer(maximumClients: 200) { fixture in
                let frames = 45
                let (published, outcome) = try await run(size, fixture, frames: frames, rate: 30, pacer: SystemPacer())
                #expect(published.frames == frames && outcome.unaccounted(frames: UInt64(frames)) == 0)
                // 45 records fit into a client's queue, so that none is dropped however slow this machine is.
                #expect(outcome.delivered == UInt64(frames * size.reading) && outcome.dropped == 0)
                let publish = ClientBenchmark.Percentiles(nanoseconds: published.nanoseconds)
                report.append("\(name): delivery p50 \(outcome.delivery.p50) ms, p99 \(outcome.delivery.p99) ms, publish p99 \(publish.p99) ms")
            }
        }
        print(report.joined(separator: "\n"))
    }

    @Test("the benchmark's records are as large as real ones")
    func records() throws {
        for blob in try ClientBenchmark.Publisher.blobs(count: 30) {
            #expect((2_000...2_800).contains(blob.counts.utf8.count), "\(blob.counts.utf8.count)")
            #expect(try blob.mask().area == blob.area && blob.area > 100_000)
        }
    }

    @Test("a ledger is exact only where every frame is there or in a notice, once and in order")
    func ledger() {
        func ledger(_ events: [(UInt64, UInt64, UInt64)]) -> ClientBenchmark.Ledger {
            var ledger = ClientBenchmark.Ledger()
            for event in events {
                if event.2 == 0 { ledger.frame(event.0) } else { ledger.drop(from: event.0, to: event.1, count: event.2) }
            }
            return ledger
        }
        #expect(ledger([(0, 0, 0), (1, 3, 3), (4, 0, 0)]).accounts(for: 5))
        #expect(!ledger([(0, 0, 0), (1, 3, 3), (4, 0, 0)]).accounts(for: 6))
        for wrong in [
            [(1, 0, 0)], [(0, 0, 0), (0, 0, 0)], [(0, 0, 0), (2, 3, 2)], [(0, 3, 3)], [(0, 0, 0), (1, 0, 1)],
        ] as [[(UInt64, UInt64, UInt64)]] {
            #expect(!ledger(wrong).isExact, "\(wrong)")
        }
    }

    @Test("the beginning of a record is read as JSON would be")
    func heads() throws {
        func head(_ record: some WireRecord) -> ClientBenchmark.RecordHead { ClientBenchmark.RecordHead(record.encoded().dropLast()) }
        let frame = FrameRecord(sequence: 12, time: MonoTime(nanoseconds: 345), latencyMilliseconds: 0, size: [1, 2], objects: [])
        #expect(head(frame) == .frame(sequence: 12, nanoseconds: 345))
        #expect(head(DroppedRecord(from: 3, to: 9, count: 7, reason: .slowReader)) == .dropped(from: 3, to: 9, count: 7))
        #expect(head(SourceRecord(source: "s", medium: .video, state: .ended)) == .ended)
        #expect(head(SourceRecord(source: "s", medium: .video, state: .streaming)) == .other)
        #expect(head(ErrorRecord(.busy, "x")) == .other)
        for text in ["", "{", "{\"type\":\"frame\",\"seq\":", "{\"type\":\"frame\",\"seq\":5,\"t_ns\":", "{\"type\":\"dropped\",\"from\":1,\"to\":2"]
        {
            #expect(ClientBenchmark.RecordHead(Array(text.utf8)) == .other)
        }
    }
}
