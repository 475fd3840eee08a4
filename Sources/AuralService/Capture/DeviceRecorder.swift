import AuralCapture
import AuralCore
import Foundation
import Synchronization

/// `aurald capture`: what camera and microphone really deliver, written to files, without any network. For checking devices, and for bug
/// reports.
package final class DeviceRecorder: Sendable {
    /// What came of it.
    package struct Summary: Sendable, Encodable {
        /// Frames of the camera.
        package var frames = 0
        /// Frames a second by their time stamps; nil before there are two.
        package var framesPerSecond: Double?
        /// Frames that were lost on the way, or broken.
        package var framesLost: UInt64 = 0
        /// Samples of each channel.
        package var samples: Int64 = 0
        /// Those of them that are missing.
        package var missingSamples: Int64 = 0
        /// How much faster than nominal the sound card's clock runs, in parts per million; nil before it is known.
        package var driftPPM: Double?

        private enum CodingKeys: String, CodingKey {
            case frames, samples
            case framesPerSecond = "fps"
            case framesLost = "frames_lost"
            case missingSamples = "missing_samples"
            case driftPPM = "ppm"
        }
    }

    private let folder: String
    private let seconds: Double
    private let camera: CameraSettings?
    private let microphone: MicrophoneSettings?
    private let hardware: LiveHardware
    private let patience: Duration
    private let report: @Sendable (String) -> Void
    private let streaming = Mutex<Set<String>>([])

    /// Plans a recording.
    ///
    /// - Parameters:
    ///   - folder: where the files go; made where it is missing.
    ///   - seconds: how long, from the moment when all devices deliver.
    ///   - camera: nil for none.
    ///   - microphone: nil for none.
    ///   - hardware: what they are reached through.
    ///   - patience: how long devices may take until they deliver.
    ///   - report: called with a line for a person when a device changes its state.
    package init(
        folder: String, seconds: Double, camera: CameraSettings?, microphone: MicrophoneSettings?, hardware: LiveHardware = LiveHardware(),
        patience: Duration = .seconds(10), report: @escaping @Sendable (String) -> Void
    ) {
        self.folder = folder
        self.seconds = seconds
        self.camera = camera
        self.microphone = microphone
        self.hardware = hardware
        self.patience = patience
        self.report = report
    }

    /// Records. Throws where files cannot be written, or where a device delivers nothing for as long as `patience` lasts.
    package func run() async throws -> Summary {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CaptureError(.cannotWrite, path: folder, "cannot be made: \(error.localizedDescription)")
        }
        // Before any device is opened: nobody should wait for a file that cannot be written.
        let recording = try PictureRecording(path: folder + "/frames.ndjson")
        let mailbox = FrameMailbox(pressure: .live)
        let counters = SourceCounters()
        let eye = camera.map {
            V4L2Camera(settings: $0, kernel: hardware.cameraKernel, locator: hardware.cameraLocator, into: mailbox, counters: counters) {
                [self] in note("camera", $0)
            }
        }
        let ear = microphone.map {
            ALSAMicrophone(
                settings: $0, system: hardware.soundSystem, locator: hardware.soundLocator, clock: hardware.soundClock, counters: SourceCounters()
            ) { [self] in note("microphone", $0) }
        }
        let pictures = Task { [folder] in
            while let frame = await mailbox.take() { try recording.write(frame) }
            _ = try recording.writeLast(to: folder + "/frame.png")
            return (frames: recording.frames, broken: recording.broken, rate: recording.rate)
        }
        async let opening: Void? = eye?.start()
        await ear?.start()
        _ = await opening
        var summary = Summary()
        let sound = SoundRecording(path: folder + "/audio.wav")
        let failure = await Result { try await listen(to: ear, into: sound) }
        summary.driftPPM = ear?.sound?.clock.reading.flatMap { $0.isLocked ? $0.ppm : nil }
        await eye?.stop()
        await ear?.stop()
        mailbox.close()
        let seen = await Result { try await pictures.value }
        try failure.get()
        try sound.drain(ear?.sound)
        try sound.finish()
        let (frames, broken, rate) = try seen.get()
        (summary.frames, summary.framesPerSecond) = (frames, rate)
        summary.framesLost =
            UInt64(broken) + mailbox.droppedCount + counters.corrupt.load(ordering: .relaxed) + counters.lost.load(ordering: .relaxed)
        (summary.samples, summary.missingSamples) = (sound.samples, sound.missing)
        return summary
    }

    /// Until the time is over.
    private func listen(to ear: ALSAMicrophone?, into sound: SoundRecording) async throws {
        let wanted = (camera == nil ? 0 : 1) + (microphone == nil ? 0 : 1)
        let clock = ContinuousClock()
        let deadline = clock.now + patience
        while streaming.withLock({ $0.count }) < wanted {
            guard clock.now < deadline else {
                let missing = ["camera", "microphone"].filter { name in
                    (name == "camera" ? camera != nil : microphone != nil) && !streaming.withLock { $0.contains(name) }
                }
                throw DeviceError(
                    .absent, device: missing.joined(separator: " and "),
                    "delivered nothing within \(patience.components.seconds) s; ask aurald devices and aurald doctor")
            }
            try sound.drain(ear?.sound)
            try await clock.sleep(for: .milliseconds(50))
        }
        let end = clock.now + .seconds(seconds)
        while clock.now < end {
            try sound.drain(ear?.sound)
            try await clock.sleep(until: min(end, clock.now + .milliseconds(100)))
        }
    }

    private func note(_ device: String, _ event: SourceEvent) {
        switch event {
        case .state(let state, let detail):
            if state == .streaming { streaming.withLock { _ = $0.insert(device) } }
            report("\(device): \(state.rawValue)\(detail.map { ": \($0)" } ?? "")")
        case .configured(let mode): report("\(device): \(mode)")
        case .warning(let text): report("\(device): warning: \(text)")
        case .gap(let samples, let index, let reason): report("\(device): \(samples) samples missing at \(index) (\(reason))")
        }
    }
}

extension Result where Failure == any Error {
    /// The result of a body that waits.
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
