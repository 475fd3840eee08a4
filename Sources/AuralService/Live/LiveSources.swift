import AuralCapture
import AuralCore
import AuralWire
import Logging
import Synchronization

/// Camera and microphone as the configuration wants them, each on its own thread; one never waits for the other.
package final class LiveSources: Sendable {
    /// The camera's name on the wire.
    package static let cameraName = "camera"
    /// The microphone's name on the wire.
    package static let microphoneName = "microphone"

    /// Where the camera's newest frame waits.
    package let mailbox = FrameMailbox(pressure: .live)
    /// What the camera has counted.
    package let cameraCounters = SourceCounters()
    /// What the microphone has counted.
    package let microphoneCounters = SourceCounters()
    /// How much later sound arrives than the picture of the same moment.
    let offset: LiveSound.Offset

    private let camera: SourceKeeper<V4L2Camera>
    private let microphone: SourceKeeper<ALSAMicrophone>
    private let hearing: ALSAMicrophone
    private let cameraReporter: SourceReporter
    private let microphoneReporter: SourceReporter
    private let hotPlug: any HotPlugSource
    private let logger: Logger
    private let watcher = Mutex<(any HotPlugWatch)?>(nil)

    /// Prepares both; `start` begins.
    package init(
        _ configuration: Configuration, hub: Hub, logger: Logger, metrics: DaemonMetrics, cameraProgress: StageProgress,
        microphoneProgress: StageProgress, hardware: LiveHardware = LiveHardware()
    ) {
        self.logger = logger
        hotPlug = hardware.hotPlug
        offset = LiveSound.Offset(configuration.microphone.offsetNanoseconds)
        let cameraReporter = SourceReporter(
            source: Self.cameraName, medium: .video, hub: hub, logger: logger, progress: cameraProgress, setMetric: { metrics.video.set($0) })
        self.cameraReporter = cameraReporter
        let microphoneReporter = SourceReporter(
            source: Self.microphoneName, medium: .audio, hub: hub, logger: logger, progress: microphoneProgress,
            setMetric: { metrics.audio?.set($0) })
        self.microphoneReporter = microphoneReporter
        let mailbox = mailbox
        let eye = V4L2Camera(
            settings: configuration.camera.settings, kernel: hardware.cameraKernel, locator: hardware.cameraLocator, counters: cameraCounters,
            deliver: { frame in
                metrics.video.captured(at: frame.time)
                mailbox.offer(frame)
            }, onEvent: { cameraReporter.note($0) })
        let ear = ALSAMicrophone(
            settings: configuration.microphone.settings, system: hardware.soundSystem, locator: hardware.soundLocator,
            clock: hardware.soundClock, counters: microphoneCounters, onEvent: { microphoneReporter.note($0) })
        hearing = ear
        microphoneReporter.onGap { [weak ear] samples, reason in
            guard let rate = ear?.sound?.ring.sampleRate, rate > 0, samples > 0 else { return }
            metrics.audio?.gaps[AudioGapReason(reason)].increment(by: UInt64(Double(samples) / Double(rate) * 1e9))
        }
        // The threads stamp what comes; asking for the stamp costs them nothing, unlike a report for each frame and period.
        for (progress, counters) in [(cameraProgress, cameraCounters), (microphoneProgress, microphoneCounters)] {
            progress.follow { MonoTime(nanoseconds: counters.latest.load(ordering: .relaxed)) }
        }
        camera = SourceKeeper(eye, settings: configuration.camera.wanted, reporter: cameraReporter, progress: cameraProgress)
        microphone = SourceKeeper(ear, settings: configuration.microphone.wanted, reporter: microphoneReporter, progress: microphoneProgress)
    }

    /// What the microphone hears, for the pipeline.
    package func sound() -> any FrameSound {
        LiveSound(offset: offset) { [hearing] in hearing.sound }
    }

    /// Opens both, and again whenever they come back.
    package func start() async {
        watch()
        async let camera: Void = camera.start()
        await microphone.start()
        await camera
    }

    /// Closes both and the mailbox; returns when they are closed.
    package func stop() async {
        watcher.withLock { $0.take() }?.stop()
        mailbox.close()
        async let camera: Void = camera.stop()
        await microphone.stop()
        await camera
    }

    /// From now on another configuration holds. A source whose settings stay the same goes on undisturbed.
    package func reconfigure(_ new: Configuration) async {
        offset.nanoseconds = new.microphone.offsetNanoseconds
        async let camera: Void = camera.set(new.camera.wanted)
        await microphone.set(new.microphone.wanted)
        await camera
    }

    /// The states of both, with what they have counted, for `status`.
    package var records: [SourceRecord] {
        var video = cameraReporter.latest
        video.counts = SourceRecord.Counts(video: cameraCounters)
        var audio = microphoneReporter.latest
        audio.counts = SourceRecord.Counts(audio: microphoneCounters)
        audio.driftPPM = driftPPM
        return [video, audio]
    }

    /// How much faster than its nominal rate the sound card's clock runs, in parts per million, as far as is known; nil before the first sound.
    var driftPPM: Double? { hearing.sound?.clock.reading?.ppm }

    /// Hot-plug events for those who wait for a device. Where the kernel gives no watcher, devices are found at the next try.
    private func watch() {
        guard watcher.withLock({ $0 == nil }) else { return }
        do {
            let watch = try hotPlug.watch { [camera, microphone] change in
                switch change.kind {
                case .camera: camera.devicesChanged(isRelease: change.isRelease)
                case .sound: microphone.devicesChanged(isRelease: change.isRelease)
                }
            }
            watcher.withLock { $0 = watch }
        } catch {
            logger.warning("devices that come back are found late", metadata: ["reason": "\(error)"])
        }
    }
}
