import AuralCapture
import AuralCore
import AuralTesting
import AuralWire
import NIOCore
import Testing

@testable import AuralService

/// Live sources on a fake camera and a fake sound card, with everything that is said of them.
struct LiveRig {
    static let node = "/dev/video0"
    static let secondNode = "/dev/video1"
    static let description = DaemonMetrics.Description(
        version: "1", backend: "none", device: "cpu", video: LiveSources.cameraName, audio: LiveSources.microphoneName)

    let kernel = FakeV4L2Kernel(startingAt: SystemTimeSource().now())
    let sound = PipedALSACard()
    let hotPlug = FakeHotPlug()
    let hub = Hub()
    let metrics = DaemonMetrics(LiveRig.description)
    let log = LineSink()
    let camera = StageProgress(stage: "camera", maximumSilence: 0)
    let microphone = StageProgress(stage: "microphone", maximumSilence: 0)
    let sources: LiveSources
    private var states: [String: AsyncStream<SourceRecord>.Iterator] = [:]
    private var rounds: AsyncStream<Void>.Iterator

    /// Both devices are there, unless a test takes them away; a stall takes ten minutes.
    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.camera.device = node
        (configuration.camera.width, configuration.camera.height, configuration.camera.rate) = (32, 24, 25)
        configuration.camera.stallSeconds = 600
        configuration.microphone.device = "Mic"
        (configuration.microphone.rate, configuration.microphone.channels, configuration.microphone.stallSeconds) = (16_000, 1, 600)
        return configuration
    }

    init(
        _ configuration: Configuration = LiveRig.configuration, hasCamera: Bool = true, hasMicrophone: Bool = true,
        cameraLocator: (any DeviceLocator)? = nil
    ) {
        if hasCamera { kernel.plug(.simple(), at: Self.node) }
        if !hasMicrophone { sound.card.change { $0.presence = .absent } }
        sources = LiveSources(
            configuration, hub: hub, logger: log.logger(), metrics: metrics, cameraProgress: camera, microphoneProgress: microphone,
            hardware: LiveHardware(
                cameraKernel: kernel, cameraLocator: cameraLocator ?? kernel, soundSystem: sound, soundLocator: sound.card,
                soundClock: sound.card, hotPlug: hotPlug))
        metrics.follow(sources)
        rounds = sound.rounds.makeAsyncIterator()
        var outlets: [String: AsyncStream<SourceRecord>.Continuation] = [:]
        for name in [LiveSources.cameraName, LiveSources.microphoneName] {
            let (stream, continuation) = AsyncStream<SourceRecord>.makeStream()
            states[name] = stream.makeAsyncIterator()
            outlets[name] = continuation
        }
        hub.attach { [outlets] encoded in
            guard case .source(let record)? = try? ServerRecord(line: Array(encoded.bytes.readableBytesView)) else { return }
            outlets[record.source]?.yield(record)
        }
    }

    /// The next state that clients are told of a source.
    mutating func next(_ source: String) async throws -> SourceRecord {
        // Taken out for the time of waiting: an iterator cannot be used where it is.
        var iterator = try #require(states[source])
        let record = await iterator.next()
        states[source] = iterator
        return try #require(record)
    }

    /// Waits until clients are told of a state.
    @discardableResult
    mutating func wait(_ source: String, for state: SourceRecord.State) async throws -> SourceRecord {
        while true {
            let record = try await next(source)
            if record.state == state { return record }
        }
    }

    /// Lets one frame be made.
    func makeFrame() { kernel.advance(to: kernel.nextFrame ?? kernel.now()) }

    /// Lets the camera make a frame, and takes it.
    func frame() async throws -> Frame {
        makeFrame()
        return try #require(await sources.mailbox.take())
    }

    /// Starts, and brings the camera to streaming.
    mutating func streamCamera() async throws {
        try await wait(LiveSources.cameraName, for: .opening)
        makeFrame()
        try await wait(LiveSources.cameraName, for: .streaming)
    }

    /// Lets milliseconds pass for the sound card, in periods, and waits until they have been read.
    mutating func listen(milliseconds: Int64, period: Int64 = 20) async throws {
        for _ in 0..<max(1, milliseconds / period) {
            sound.pass(milliseconds: period)
            try #require(await rounds.next() != nil)
        }
    }

    /// Brings the microphone to streaming, also while it is still being opened.
    mutating func streamMicrophone() async throws {
        while sources.records.last?.state != .streaming { try await listen(milliseconds: 20) }
        try await wait(LiveSources.microphoneName, for: .streaming)
    }

    /// What a scrape says.
    func value(_ name: String, _ labels: [String: String] = [:]) throws -> Double? {
        try MetricsExposition(metrics.registry.render()).value(name, labels)
    }

    /// The state of a source that the metrics show.
    func metricState(_ source: String) throws -> String? {
        let samples = try #require(try MetricsExposition(metrics.registry.render())["aurald_source_state"]).samples
        return samples.first { $0.labels["source"] == source && $0.value == 1 }?.labels["state"]
    }

    /// Stops; nothing may be left open.
    func stop() async {
        await sources.stop()
        #expect(kernel.leaks == .init() && sound.card.openHandles == 0 && hotPlug.watches == 0)
        #expect(await sources.mailbox.take() == nil)
        #expect(camera.activity == .disabled && microphone.activity == .disabled)
    }
}

extension StageActivity {
    /// When it moved last; nil where it does not work.
    var moved: MonoTime? {
        if case .working(let time) = self { time } else { nil }
    }
}
