import AuralCore
import AuralWire
import Foundation
import Testing

@Suite struct StatusVerdictTests {
    private func report(
        _ video: SourceRecord.State, audio: SourceRecord.State = .streaming, age: Double? = 0, fps: Double = 10, uptime: Double = 100
    ) -> StatusReport {
        StatusReport(
            version: "1", uptimeSeconds: uptime,
            sources: [
                SourceRecord(source: "camera", medium: .video, state: video, detail: video == .streaming ? nil : "why"),
                SourceRecord(source: "microphone", medium: .audio, state: audio),
            ], model: "m", engine: "e", time: age.map { MonoTime(nanoseconds: 1_000_000_000_000 - Int64($0 * 1e9)) }, framesPerSecond: fps)
    }

    @Test(
        "a daemon is degraded where a source is away or frames are old for their rate",
        arguments: [
            (.streaming, .streaming, 0, 10, 100, []), (.ended, .streaming, 900, 10, 100, []),
            (.absent, .streaming, 900, 10, 100, ["camera is absent: why"]),
            (.streaming, .denied, 0, 10, 100, ["microphone is denied"]),
            (.streaming, .streaming, 6, 10, 100, ["the newest frame is 6 s old"]),
            // Slow networks: one frame in five seconds is their pace.
            (.streaming, .streaming, 60, 0.2, 100, []), (.streaming, .streaming, 120, 0.2, 100, ["the newest frame is 120 s old"]),
            (.streaming, .streaming, nil, 0, 30, []), (.streaming, .streaming, nil, 0, 90, ["no frame has been segmented since the start"]),
        ] as [(SourceRecord.State, SourceRecord.State, Double?, Double, Double, [String])])
    func verdicts(video: SourceRecord.State, audio: SourceRecord.State, age: Double?, fps: Double, uptime: Double, problems: [String]) {
        let verdict = StatusVerdict(report(video, audio: audio, age: age, fps: fps, uptime: uptime), now: MonoTime(nanoseconds: 1_000_000_000_000))
        #expect(verdict.problems == problems && verdict.isDegraded == !problems.isEmpty)
    }

    @Test("frames find their pictures, and none that is not theirs")
    func pairing() {
        var pairing = FramePairing()
        let frame = { FrameRecord(sequence: $0, time: MonoTime(nanoseconds: 1), latencyMilliseconds: 1, size: [1, 1], objects: []) }
        let picture = { PictureRecord(sequence: $0, time: MonoTime(nanoseconds: 1), size: [1, 1], jpeg: .init()) }
        #expect(pairing.take(.picture(picture(1))) == nil && pairing.take(.frame(frame(2))) == nil)
        #expect(pairing.take(.picture(picture(1))) == nil)
        #expect(pairing.take(.picture(picture(2))) == .init(frame: frame(2), picture: picture(2)))
        #expect(pairing.take(.picture(picture(2))) == nil && pairing.take(.frame(frame(3))) == nil && pairing.take(.frame(frame(4))) == nil)
        #expect(pairing.take(.picture(picture(3))) == nil && pairing.take(.picture(picture(4)))?.frame.sequence == 4)
    }
}
