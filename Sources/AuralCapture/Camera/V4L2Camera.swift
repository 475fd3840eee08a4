import AuralCore
import Glibc

/// A camera on a thread of its own, which sleeps in poll(2): see `CameraDriver` for what it does.
package actor V4L2Camera: PollLoop {
    // Held strongly: an actor's executor reference is unowned.
    private let thread: PollThread
    private let driver: CameraDriver
    private let clock = SystemTimeSource()

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Prepares to read a camera; `start` begins. `deliver` and `onEvent` are called on the camera's own thread and must not block.
    package init(
        settings: CameraSettings, kernel: any V4L2Kernel = LibV4L2Kernel(), locator: any DeviceLocator, counters: SourceCounters,
        deliver: @escaping @Sendable (Frame) -> Void, onEvent: @escaping @Sendable (SourceEvent) -> Void
    ) {
        thread = PollThread(name: "camera")
        driver = CameraDriver(
            settings: settings, kernel: kernel, locator: locator, counters: counters, deliver: deliver, onEvent: onEvent)
    }

    /// Prepares to read a camera into a mailbox, which must be one where the newest frame wins (`Pressure.live`).
    package init(
        settings: CameraSettings, kernel: any V4L2Kernel = LibV4L2Kernel(), locator: any DeviceLocator, into mailbox: FrameMailbox,
        counters: SourceCounters, onEvent: @escaping @Sendable (SourceEvent) -> Void
    ) {
        self.init(
            settings: settings, kernel: kernel, locator: locator, counters: counters, deliver: { mailbox.offer($0) }, onEvent: onEvent)
    }

    /// Opens the camera and reads it until `stop`, however often it comes and goes.
    package func start() {
        driver.start(at: clock.now())
        // From here on the thread holds the actor.
        thread.attach(self)
    }

    /// Closes the camera and lets the actor go; returns when it is closed.
    package func stop() {
        thread.detach()
        driver.stop(at: clock.now())
    }

    /// Something changed among the devices.
    ///
    /// - Parameter isRelease: a program, perhaps this one, has only closed one.
    package func devicesChanged(isRelease: Bool = false) {
        driver.devicesChanged(at: clock.now(), isRelease: isRelease)
    }

    /// From now on other settings hold.
    package func reconfigure(_ settings: CameraSettings) {
        driver.reconfigure(settings, at: clock.now())
    }

    package nonisolated func prepare(_ descriptors: inout [pollfd]) -> MonoTime? {
        assumeIsolated { $0.driver.prepare(&descriptors) }
    }

    package nonisolated func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime) {
        assumeIsolated { $0.driver.advance(descriptors, at: now) }
    }
}
