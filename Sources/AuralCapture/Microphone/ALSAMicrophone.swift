import AuralCore
import Glibc

/// A microphone on a thread of its own, which sleeps in poll(2): see `MicrophoneDriver` for what it does.
package actor ALSAMicrophone: PollLoop {
    // Held strongly: an actor's executor reference is unowned.
    private let thread: PollThread
    private let driver: MicrophoneDriver
    private let board = SoundBoard()
    private let clock: any TimeSource

    package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// What it hears; nil until it was opened for the first time. Another one after it came back with another format.
    package nonisolated var sound: SoundStream? { board.stream }

    /// Prepares to read a microphone; `start` begins. `onEvent` is called on the microphone's own thread and must not block.
    package init(
        settings: MicrophoneSettings, system: any ALSASystem = ALSALibrary(), locator: any DeviceLocator,
        clock: any TimeSource = SystemTimeSource(), counters: SourceCounters, onEvent: @escaping @Sendable (SourceEvent) -> Void
    ) {
        thread = PollThread(name: "microphone")
        self.clock = clock
        driver = MicrophoneDriver(
            settings: settings, system: system, locator: locator, time: clock, counters: counters, board: board, onEvent: onEvent)
    }

    /// Opens the microphone and reads it until `stop`, however often it comes and goes.
    package func start() {
        driver.start(at: clock.now())
        // From here on the thread holds the actor.
        thread.attach(self)
    }

    /// Closes the microphone and lets the actor go; returns when it is closed.
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
    package func reconfigure(_ settings: MicrophoneSettings) {
        driver.reconfigure(settings, at: clock.now())
    }

    package nonisolated func prepare(_ descriptors: inout [pollfd]) -> MonoTime? {
        assumeIsolated { $0.driver.prepare(&descriptors) }
    }

    package nonisolated func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime) {
        assumeIsolated { $0.driver.advance(descriptors, at: now) }
    }
}
