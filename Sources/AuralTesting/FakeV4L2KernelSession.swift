import AuralCapture
import AuralCore
import Glibc

/// A `CameraDriver` on a `FakeV4L2Kernel`, driven by hand as a thread with poll(2) would drive it.
package final class FakeV4L2KernelSession {
    /// What the driver told and delivered, in order.
    package private(set) var events: [SourceEvent] = []
    /// The frames that it delivered.
    package private(set) var frames: [Frame] = []
    /// The kernel.
    package let kernel: FakeV4L2Kernel
    /// What the driver counts.
    package let counters = SourceCounters()
    /// The node that the settings name.
    package let path: String

    private let driver: CameraDriver

    private final class Notes {
        var events: [SourceEvent] = []
        var frames: [Frame] = []
    }

    private let notes = Notes()
    private var descriptors: [pollfd] = []

    /// A driver with these settings; nothing is opened yet.
    package init(_ settings: CameraSettings, kernel: FakeV4L2Kernel) {
        self.kernel = kernel
        path = settings.device
        let notes = notes
        driver = CameraDriver(
            settings: settings, kernel: kernel, locator: kernel, clock: kernel, counters: counters,
            deliver: { notes.frames.append($0) }, onEvent: { notes.events.append($0) })
    }

    /// Opens the camera.
    package func start() {
        driver.start(at: kernel.now())
        collect()
    }

    /// Closes the camera.
    package func stop() {
        driver.stop(at: kernel.now())
        collect()
    }

    /// Reports a change among the devices.
    package func devicesChanged() {
        driver.devicesChanged(at: kernel.now())
        collect()
    }

    /// Changes the settings.
    package func reconfigure(_ settings: CameraSettings) {
        driver.reconfigure(settings, at: kernel.now())
        collect()
    }

    /// Lets milliseconds pass.
    package func run(milliseconds: Int64) {
        let end = kernel.now().advanced(byNanoseconds: milliseconds * 1_000_000)
        while true {
            descriptors.removeAll(keepingCapacity: true)
            let deadline = driver.prepare(&descriptors)
            kernel.poll(&descriptors)
            let isReady = descriptors.contains { $0.revents != 0 }
            if isReady || deadline.map({ $0 <= kernel.now() }) ?? false {
                driver.advance(descriptors[...], at: kernel.now())
                collect()
                continue
            }
            if kernel.now() >= end { return }
            kernel.advance(to: min(end, deadline ?? end, kernel.nextFrame ?? end))
        }
    }

    /// The states that were told, in order; one that was told again, with another detail, counts once.
    package var states: [SourceState] {
        events.reduce(into: []) { states, event in
            if case .state(let state, _) = event, states.last != state { states.append(state) }
        }
    }

    /// The detail that was told with the last state.
    package var detail: String? {
        events.reversed().lazy.compactMap { if case .state(_, let detail) = $0 { detail } else { nil } }.first
    }

    /// The configurations that were told, in order.
    package var configurations: [String] {
        events.compactMap { if case .configured(let text) = $0 { text } else { nil } }
    }

    /// Forgets what was told and delivered so far.
    package func forget() {
        events = []
        frames = []
    }

    private func collect() {
        events += notes.events
        frames += notes.frames
        notes.events.removeAll(keepingCapacity: true)
        notes.frames.removeAll(keepingCapacity: true)
    }
}
