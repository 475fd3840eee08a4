import AuralCapture
import AuralCore
import AuralTesting
import AuralWire
import CV4L2
import Dispatch
import Testing

@testable import AuralService

@Suite struct LiveSourcesTests {
    private let camera = LiveSources.cameraName
    private let microphone = LiveSources.microphoneName

    @Test("without devices both sources are absent and wait; each streams when it is plugged in", .timeLimit(.minutes(5)))
    func absent() async throws {
        var rig = LiveRig(hasCamera: false, hasMicrophone: false)
        #expect(rig.camera.activity == .waiting("for its start") && rig.microphone.activity == .waiting("for its start"))
        await rig.sources.start()
        for source in [camera, microphone] {
            #expect(try await rig.next(source).state == .opening)
            let record = try await rig.next(source)
            #expect(record.state == .absent && record.detail?.isEmpty == false && record.mode == nil)
            #expect(try rig.metricState(source) == "absent")
        }
        #expect(rig.camera.activity == .waiting("absent") && rig.microphone.activity == .waiting("absent"))
        #expect(rig.sources.records.map(\.state) == [.absent, .absent])

        rig.kernel.plug(.simple(), at: LiveRig.node)
        rig.hotPlug.tell(.camera)
        try await rig.streamCamera()
        #expect(try rig.metricState(camera) == "streaming" && rig.metricState(microphone) == "absent")
        #expect(rig.camera.activity.moved != nil && rig.microphone.activity == .waiting("absent"))
        rig.sound.card.change { $0.presence = .present }
        rig.hotPlug.tell(.sound)
        try await rig.wait(microphone, for: .opening)
        try await rig.listen(milliseconds: 40)
        #expect(try await rig.wait(microphone, for: .streaming).mode?.contains("16000") == true)
        await rig.stop()
        #expect(rig.sources.records.map(\.state) == [.ended, .ended])
    }

    @Test("a camera streams without a microphone, and a microphone without a camera", .timeLimit(.minutes(5)), arguments: [true, false])
    func alone(hasCamera: Bool) async throws {
        var rig = LiveRig(hasCamera: hasCamera, hasMicrophone: !hasCamera)
        await rig.sources.start()
        if hasCamera {
            try await rig.streamCamera()
            #expect(try await rig.frame().sequence == 0)
            try await rig.wait(microphone, for: .absent)
        } else {
            try await rig.listen(milliseconds: 1000)
            try await rig.wait(microphone, for: .streaming)
            try await rig.wait(camera, for: .absent)
            #expect(try rig.value("aurald_audio_samples_total") == 16_000)
        }
        await rig.stop()
    }

    /// A locator whose device takes its time, as a driver that hangs does.
    private final class SlowLocator: DeviceLocator {
        let gate = DispatchSemaphore(value: 0)
        let inner: any DeviceLocator

        init(_ inner: any DeviceLocator) { self.inner = inner }

        func locate(_ name: String) throws(DeviceError) -> LocatedDevice {
            gate.wait()
            gate.signal()
            return try inner.locate(name)
        }

        func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError { inner.explain(error, device) }
    }

    @Test("a camera that hangs while it is opened keeps nobody from hearing, nor from changing the microphone", .timeLimit(.minutes(5)))
    func hanging() async throws {
        let kernel = FakeV4L2Kernel()
        let locator = SlowLocator(kernel)
        var rig = LiveRig(cameraLocator: locator)
        let sources = rig.sources
        let starting = Task { await sources.start() }
        try await rig.streamMicrophone()
        var other = LiveRig.configuration
        (other.camera.width, other.microphone.rate) = (64, 48_000)
        let changing = Task { [other] in await sources.reconfigure(other) }
        try await rig.wait(microphone, for: .opening)
        try await rig.streamMicrophone()
        #expect(rig.sources.records.last?.mode?.contains("48000") == true)
        locator.gate.signal()
        await starting.value
        await changing.value
        await rig.stop()
    }

    @Test("a reload opens only what has changed, and switches sources off and on", .timeLimit(.minutes(5)))
    func reconfigure() async throws {
        var rig = LiveRig()
        await rig.sources.start()
        try await rig.streamCamera()
        try await rig.listen(milliseconds: 20)
        try await rig.wait(microphone, for: .streaming)
        var configuration = LiveRig.configuration

        rig.kernel.plug(.simple(cv4l2_pix_fmt_grey), at: LiveRig.secondNode)
        configuration.camera.device = LiveRig.secondNode
        await rig.sources.reconfigure(configuration)
        #expect(try await rig.next(camera) == SourceRecord(source: camera, medium: .video, state: .opening), "without the old camera's mode")
        rig.makeFrame()
        #expect(try await rig.next(camera).mode?.contains("GREY") == true)
        guard case .captured(let picture) = try await rig.frame().content else { throw RawClient.Failure(description: "no picture") }
        #expect(picture.format == .grey && rig.kernel.openings.count == 2 && rig.sound.card.openings == 1)

        configuration.microphone.offsetMilliseconds = 40
        await rig.sources.reconfigure(configuration)
        #expect(rig.sound.card.openings == 1 && rig.kernel.openings.count == 2)
        #expect(try rig.value("aurald_av_offset_seconds") == 0.04)

        configuration.microphone.rate = 48_000
        await rig.sources.reconfigure(configuration)
        #expect(rig.sound.card.openings == 2 && rig.kernel.openings.count == 2)
        #expect(try await rig.next(microphone).state == .opening)
        try await rig.listen(milliseconds: 20)
        #expect(try await rig.next(microphone).state == .streaming)

        for _ in 0..<2 {
            (configuration.camera.device, configuration.microphone.device) = ("none", "none")
            await rig.sources.reconfigure(configuration)
            for source in [camera, microphone] {
                let record = try await rig.next(source)
                #expect(record.state == .ended && record.detail == "switched off: device = \"none\"" && record.mode == nil)
                #expect(try rig.metricState(source) == "ended")
            }
            #expect(rig.camera.activity == .disabled && rig.microphone.activity == .disabled)
            #expect(rig.kernel.leaks == .init() && rig.sound.card.openHandles == 0)
            rig.hotPlug.tell(.camera)
            (configuration.camera.device, configuration.microphone.device) = (LiveRig.node, "Mic")
            await rig.sources.reconfigure(configuration)
            for source in [camera, microphone] { #expect(try await rig.next(source).state == .opening) }
            rig.makeFrame()
            #expect(try await rig.next(camera).state == .streaming)
            try await rig.listen(milliseconds: 20)
            #expect(try await rig.next(microphone).state == .streaming)
        }
        await rig.stop()
    }

    @Test("sources that are switched off from the start are said to be, and begin with a reload", .timeLimit(.minutes(5)))
    func off() async throws {
        var configuration = LiveRig.configuration
        (configuration.camera.device, configuration.microphone.device) = ("none", "none")
        var rig = LiveRig(configuration)
        await rig.sources.start()
        for source in [camera, microphone] {
            let record = try await rig.next(source)
            #expect(record.state == .ended && record.detail == "switched off: device = \"none\"")
        }
        #expect(rig.camera.activity == .disabled && rig.kernel.openings.isEmpty && rig.sound.card.openings == 0)
        await rig.sources.reconfigure(LiveRig.configuration)
        try await rig.streamCamera()
        await rig.stop()
    }

    @Test("an unplugged camera comes back by a hot-plug event, and counting goes on", .timeLimit(.minutes(5)))
    func replug() async throws {
        var rig = LiveRig()
        await rig.sources.start()
        try await rig.streamCamera()
        #expect(try await rig.frame().sequence == 0)
        rig.kernel.unplug(LiveRig.node)
        let gone = try await rig.wait(camera, for: .absent)
        #expect(gone.mode == nil && rig.camera.activity == .waiting("absent"))
        rig.kernel.plug(.simple(), at: LiveRig.node)
        for _ in 0..<100 { rig.hotPlug.tell(.camera) }
        #expect(try await rig.wait(camera, for: .opening).mode?.contains("32x24") == true)
        rig.makeFrame()
        try await rig.wait(camera, for: .streaming)
        #expect(try await rig.frame().sequence == 1)
        #expect(try rig.value("aurald_frames_dropped_total", ["reason": "first"]) == 2)
        await rig.stop()
    }

    @Test("without a hot-plug watcher the sources run all the same, and the log says so", .timeLimit(.minutes(5)))
    func noWatcher() async throws {
        var rig = LiveRig()
        rig.hotPlug.exhaust()
        await rig.sources.start()
        try await rig.streamCamera()
        #expect(rig.log.lines.contains { $0.hasPrefix("<4>devices that come back are found late") })
        await rig.stop()
    }

    @Test("what the camera counts is in the metrics and the status", .timeLimit(.minutes(5)))
    func videoMetrics() async throws {
        var rig = LiveRig()
        await rig.sources.start()
        try await rig.streamCamera()
        for number in 0..<3 as Range<UInt64> { #expect(try await rig.frame().sequence == number) }
        rig.kernel.change(LiveRig.node) { $0.lostFrames = 4 }
        #expect(try await rig.frame().sequence == 7)
        rig.kernel.change(LiveRig.node) { $0.corruptFrames = 2 }
        for _ in 0..<2 { rig.makeFrame() }
        #expect(try await rig.frame().sequence == 10)
        // The pipeline finds what the driver does not.
        rig.metrics.video.framesDropped[.corrupt].increment()
        #expect(try rig.value("aurald_frames_captured_total") == 5)
        for (reason, count) in [("first", 1.0), ("sequence_gap", 4), ("corrupt", 3), ("busy", 0)] {
            #expect(try rig.value("aurald_frames_dropped_total", ["reason": reason]) == count, "\(reason)")
        }
        let counts = try #require(rig.sources.records.first?.counts)
        #expect(counts == SourceRecord.Counts(frames: 5, corrupt: 2, lost: 4))
        await rig.stop()
    }

    @Test("what the microphone counts is in the metrics and the status: samples, gaps by reason, drift", .timeLimit(.minutes(5)))
    func audioMetrics() async throws {
        var configuration = LiveRig.configuration
        configuration.microphone.offsetMilliseconds = -12.5
        var rig = LiveRig(configuration)
        rig.sound.card.change { $0.ppm = 200 }
        await rig.sources.start()
        #expect(try rig.value("aurald_av_offset_seconds") == -0.0125)
        #expect(try rig.value("aurald_clock_skew_ppm") == 0)
        try await rig.listen(milliseconds: 60_000)
        let skew = try #require(try rig.value("aurald_clock_skew_ppm"))
        #expect(abs(skew - 200) < 10, "\(skew)")
        #expect(rig.sources.records.last?.driftPPM == skew)
        let samples = try #require(try rig.value("aurald_audio_samples_total"))
        #expect(abs(samples - 960_192) <= 1)
        // Nobody reads for three seconds, and the card stops.
        try await rig.listen(milliseconds: 3000, period: 3000)
        try await rig.listen(milliseconds: 40)
        let gap = try #require(try rig.value("aurald_audio_gap_seconds_total", ["reason": "xrun"]))
        #expect(abs(gap - 3) < 0.1, "\(gap)")
        #expect(try rig.value("aurald_audio_gap_seconds_total", ["reason": "reopen"]) == 0)
        #expect(AudioGapReason("lost") == .lost && AudioGapReason("reopen") == .reopen && AudioGapReason("xrun") == .overrun)
        #expect(rig.sources.records.last?.counts?.overruns == 1)
        await rig.stop()
    }

    @Test("the watchdog sees both sources move while they stream, by what their threads stamp", .timeLimit(.minutes(5)))
    func progress() async throws {
        var rig = LiveRig()
        await rig.sources.start()
        try await rig.streamCamera()
        try await rig.listen(milliseconds: 20)
        try await rig.wait(microphone, for: .streaming)
        for _ in 0..<3 {
            let before = try (#require(rig.camera.activity.moved), #require(rig.microphone.activity.moved))
            _ = try await rig.frame()
            #expect(try #require(rig.camera.activity.moved) > before.0)
            #expect(rig.microphone.activity.moved == before.1, "one does not move for the other")
            try await rig.listen(milliseconds: 20)
            #expect(try #require(rig.microphone.activity.moved) > before.1)
        }
        await rig.stop()
    }

    @Test("a stage may be silent for as long as its source is patient, and half a minute more", .timeLimit(.minutes(5)))
    func silence() async throws {
        var rig = LiveRig()
        await rig.sources.start()
        #expect(rig.camera.maximumSilence == 630_000_000_000 && rig.microphone.maximumSilence == 630_000_000_000)
        var configuration = LiveRig.configuration
        (configuration.camera.stallSeconds, configuration.camera.rate) = (2, 0.5)
        configuration.microphone.stallSeconds = 3
        await rig.sources.reconfigure(configuration)
        // Ten frames' time is the least.
        #expect(rig.camera.maximumSilence == 50_000_000_000 && rig.microphone.maximumSilence == 33_000_000_000)
        try await rig.streamCamera()
        await rig.stop()
    }

    @Test("starting and stopping again and again leaves nothing behind", .timeLimit(.minutes(5)))
    func again() async throws {
        var rig = LiveRig()
        for _ in 0..<3 { await rig.sources.start() }
        #expect(rig.kernel.openings.count == 1 && rig.sound.card.openings == 1)
        try await rig.streamCamera()
        await rig.stop()
        await rig.stop()
        await rig.sources.reconfigure(.init())
        #expect(rig.kernel.openings.count == 1, "what was stopped is not opened by a reload")
    }
}
