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

    private let camera: V4L2Camera
    private let microphone: ALSAMicrophone
    private let cameraReporter: SourceReporter
    private let microphoneReporter: SourceReporter
    private let logger: Logger
    private let offset: LiveSound.Offset
    private let settings: Mutex<Configuration>
    private let watcher = Mutex<HotPlugWatcher?>(nil)
    private let microphoneProgress: StageProgress
    private let microphoneSeen = Atomic<Int64>(0)

    /// Prepares both; `start` begins.
    package init(
        _ configuration: Configuration, hub: Hub, logger: Logger, metrics: DaemonMetrics, cameraProgress: StageProgress,
        microphoneProgress: StageProgress
    ) {
        self.logger = logger
        self.microphoneProgress = microphoneProgress
        settings = Mutex(configuration)
        let offset = LiveSound.Offset(configuration.microphone.offsetNanoseconds)
        self.offset = offset
        let cameraReporter = SourceReporter(
            source: Self.cameraName, medium: .video, hub: hub, logger: logger, progress: cameraProgress, setMetric: { metrics.video.set($0) })
        self.cameraReporter = cameraReporter
        let microphoneReporter = SourceReporter(
            source: Self.microphoneName, medium: .audio, hub: hub, logger: logger, progress: microphoneProgress,
            setMetric: { metrics.audio?.set($0) })
        self.microphoneReporter = microphoneReporter
        let mailbox = mailbox
        camera = V4L2Camera(
            settings: configuration.camera.settings, locator: DeviceSystem().cameraLocator, counters: cameraCounters,
            deliver: { frame in
                cameraProgress.moved()
                metrics.video.captured(at: frame.time)
                mailbox.offer(frame)
            }, onEvent: { cameraReporter.note($0) })
        microphone = ALSAMicrophone(
            settings: configuration.microphone.settings, locator: DeviceSystem().microphoneLocator, counters: microphoneCounters,
            onEvent: { microphoneReporter.note($0) })
        microphoneReporter.onGap { [weak microphone] samples, reason in
            guard let rate = microphone?.sound?.ring.sampleRate, rate > 0, samples > 0 else { return }
            metrics.audio?.gaps[AudioGapReason(reason)].increment(by: UInt64(Double(samples) / Double(rate) * 1e9))
        }
    }

    /// What the microphone hears, for the pipeline.
    package func sound() -> any FrameSound {
        LiveSound(offset: offset) { [microphone] in microphone.sound }
    }

    /// Opens both, and again whenever they come back.
    package func start() async {
        let configuration = settings.withLock { $0 }
        watch()
        if configuration.camera.isOn { await camera.start() } else { cameraReporter.switchOff() }
        if configuration.microphone.isOn { await microphone.start() } else { microphoneReporter.switchOff() }
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
        let old = settings.withLock { settings in
            let old = settings
            settings = new
            return old
        }
        offset.nanoseconds = new.microphone.offsetNanoseconds
        if old.camera != new.camera {
            switch (old.camera.isOn, new.camera.isOn) {
            case (true, false):
                await camera.stop()
                cameraReporter.switchOff()
            case (_, true):
                await camera.reconfigure(new.camera.settings)
                if !old.camera.isOn { await camera.start() }
            case (false, false): break
            }
        }
        if old.microphone != new.microphone {
            switch (old.microphone.isOn, new.microphone.isOn) {
            case (true, false):
                await microphone.stop()
                microphoneReporter.switchOff()
            case (_, true):
                await microphone.reconfigure(new.microphone.settings)
                if !old.microphone.isOn { await microphone.start() }
            case (false, false): break
            }
        }
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
    var driftPPM: Double? { microphone.sound?.clock.reading?.ppm }

    /// The microphone's thread says only what changes; whether it moves is seen by what it has counted.
    func noteProgress() {
        let latest = microphoneCounters.latest.load(ordering: .relaxed)
        if microphoneSeen.exchange(latest, ordering: .relaxed) != latest { microphoneProgress.moved() }
    }

    /// Hot-plug events for those who wait for a device. Where the kernel gives no watcher, devices are found at the next try.
    private func watch() {
        do {
            let watcher = try HotPlugWatcher { [camera, microphone] change in
                Task {
                    switch change.kind {
                    case .camera: await camera.devicesChanged(isRelease: change.isRelease)
                    case .sound: await microphone.devicesChanged(isRelease: change.isRelease)
                    }
                }
            }
            self.watcher.withLock { $0 = watcher }
        } catch {
            logger.warning("devices that come back are found late", metadata: ["reason": "\(error)"])
        }
    }
}
