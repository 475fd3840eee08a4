import AuralCore
import AuralInference
import AuralWire
import Synchronization
import Testing

@testable import AuralService

@Suite struct MetricsDaemonTests {
    /// A clock whose hands the test turns.
    private final class Hands: TimeSource {
        private let time = Atomic<Int64>(5_000_000_000)

        func now() -> MonoTime { MonoTime(nanoseconds: time.load(ordering: .relaxed)) }

        func turn(seconds: Double) { time.wrappingAdd(Int64(seconds * 1e9), ordering: .relaxed) }
    }

    private static let description = DaemonMetrics.Description(
        version: "1.2.3", backend: "openvino", device: "cpu", video: "cam \"0\"", audio: "mic0")

    @Test(
        "every series is there before anything happens, at 0",
        arguments: [
            ("aurald_build_info", 1), ("aurald_compute_info", 1), ("aurald_source_state", 16), ("aurald_frames_captured_total", 1),
            ("aurald_frames_dropped_total", 4), ("aurald_frame_age_seconds", 1), ("aurald_audio_samples_total", 1),
            ("aurald_audio_gap_seconds_total", 4), ("aurald_audio_rms_dbfs", 1), ("aurald_clock_skew_ppm", 1), ("aurald_av_offset_seconds", 1),
            ("aurald_stage_seconds", 11 * 19), ("aurald_end_to_end_seconds", 19), ("aurald_queue_depth", 2), ("aurald_sounding", 1),
            ("aurald_audio_keyframes_total", 1), ("aurald_objects_active", 1),
            ("aurald_memory_bank_entries", 1), ("aurald_memory_bank_bytes", 1), ("aurald_clients", 1),
            ("aurald_client_records_dropped_total", 3), ("aurald_prompts_total", 7 * 10), ("aurald_reloads_total", 3),
            ("process_resident_memory_bytes", 1), ("process_cpu_seconds_total", 1), ("process_open_fds", 1),
        ])
    func complete(name: String, series: Int) throws {
        let exposition = try MetricsExposition(DaemonMetrics(Self.description, clock: Hands()).registry.render())
        #expect(exposition.families.count == 26, "the list of this test is complete")
        let family = try #require(exposition[name])
        #expect(family.samples.count == series && !family.help.isEmpty)
        #expect(family.type == "counter" ? name.hasSuffix("_total") : !name.hasSuffix("_total"))
        if family.type != "gauge", !name.hasPrefix("process_") { #expect(family.samples.allSatisfy { $0.value == 0 }) }
    }

    @Test("a frame counts, and its age grows until the next one comes; before the first it is counted from the start")
    func frameAge() throws {
        let hands = Hands()
        let metrics = DaemonMetrics(Self.description, clock: hands)
        func age() throws -> Double? { try MetricsExposition(metrics.registry.render()).value("aurald_frame_age_seconds") }
        hands.turn(seconds: 2)
        #expect(try age() == 2)
        metrics.video.captured(at: hands.now())
        #expect(try age() == 0)
        hands.turn(seconds: 0.5)
        #expect(try age() == 0.5 && metrics.video.framesCaptured.value == 1)
    }

    @Test("exactly one state of a source is 1")
    func states() throws {
        let metrics = DaemonMetrics(Self.description)
        for state in [SourceRecord.State.streaming, .stalled, .ended] {
            metrics.video.set(state)
            metrics.audio?.set(.backoff)
            let samples = try #require(try MetricsExposition(metrics.registry.render())["aurald_source_state"]).samples
            let present = samples.filter { $0.value == 1 }.map(\.labels)
            let video = ["source": "cam \"0\"", "kind": "video", "state": state.rawValue]
            #expect(present == [video, ["source": "mic0", "kind": "audio", "state": "backoff"]])
        }
    }

    @Test("labels find their own series")
    func labels() throws {
        let metrics = DaemonMetrics(Self.description)
        metrics.prompts(.addBox, PromptResult(.noSuchObject)).increment()
        metrics.prompts(.reset, .ok).increment(by: 2)
        metrics.prompts(.setExpression, PromptResult(.unsupported)).increment()
        metrics.stages[.fuser].observe(nanoseconds: 1)
        metrics.sounding.set(1)
        metrics.audioKeyframes.increment(by: 4)
        metrics.recordsDropped[PolicyLabel(.sample(every: 7))].increment(by: 3)
        metrics.audio?.gaps[.suspend].increment(by: 250_000_000)
        metrics.stages[.decode].observe(nanoseconds: 1)
        let exposition = try MetricsExposition(metrics.registry.render())
        #expect(exposition.value("aurald_prompts_total", ["verb": "add_box", "result": "no_such_object"]) == 1)
        #expect(exposition.value("aurald_prompts_total", ["verb": "reset", "result": "ok"]) == 2)
        #expect(exposition["aurald_prompts_total"]?.samples.reduce(0) { $0 + $1.value } == 4)
        #expect(exposition.value("aurald_prompts_total", ["verb": "set_expression", "result": "unsupported"]) == 1)
        #expect(exposition.value("aurald_stage_seconds_count", ["stage": "fuser"]) == 1)
        #expect(exposition.value("aurald_sounding") == 1 && exposition.value("aurald_audio_keyframes_total") == 4)
        #expect(exposition.value("aurald_client_records_dropped_total", ["policy": "sample"]) == 3)
        #expect(exposition.value("aurald_audio_gap_seconds_total", ["reason": "suspend"]) == 0.25)
        #expect(exposition.value("aurald_stage_seconds_count", ["stage": "decode"]) == 1)
        #expect(Set(StageName.sam2.compactMap { Stage($0)?.value }) == ["encode_image", "memory_attend", "mask_decode", "memory_encode"])
        #expect(FrameSegmenter.FrameStep.allCases.map { Stage($0).value } == ["resize", "encode_rle"])
        for code in ErrorRecord.Code.allCases { #expect(PromptResult(code).value == code.rawValue) }
    }

    @Test("the socket server counts clients, requests by result, garbage and records that were dropped", .timeLimit(.minutes(5)))
    func socket() async throws {
        let metrics = DaemonMetrics(Self.description)
        try await ServerFixture.withServer(maximumClientBytes: 65_536, metrics: metrics) { fixture in
            let client = try RawClient(path: fixture.path)
            _ = try await client.next()
            #expect(metrics.clients.value == 1)
            for line in ["garbage", "{\"verb\":\"dance\"}", "{\"verb\":\"reset\"}", "{\"verb\":\"remove_object\",\"object_id\":1}"] {
                try client.write(line + "\n")
                _ = try await client.next()
            }
            #expect(metrics.prompts(.invalid, PromptResult(.badRequest)).value == 1)
            #expect(metrics.prompts(.invalid, PromptResult(.unknownVerb)).value == 1)
            #expect(metrics.prompts(.reset, .ok).value == 1)
            #expect(metrics.prompts(.removeObject, PromptResult(.noSuchObject)).value == 1)

            let strict = try RawClient(path: fixture.path)
            try strict.write("{\"verb\":\"hello\",\"policy\":\"disconnect\"}\n")
            for _ in 0..<2 { _ = try await strict.next() }
            let count = 200
            for sequence in 0..<UInt64(count) { fixture.hub.publish(try fixture.frame(sequence, bytes: 10_000)) }
            var (frames, dropped) = (0, 0)
            while frames + dropped < count {
                switch try await client.next() {
                case .frame: frames += 1
                case .dropped(let notice): dropped += notice.count
                default: break
                }
            }
            #expect(dropped > 0 && metrics.recordsDropped[.latest].value == UInt64(dropped))
            // The end of its connection is an event of the same loop, before which the drops were counted.
            while case .frame = try await strict.next() {}
            #expect(metrics.recordsDropped[.disconnect].value > 0)
            #expect(metrics.stages[.send].count == UInt64(count))
        }
    }
}
