import Synchronization

/// Keeps a camera or a microphone as the configuration wants it: running, switched off, or with other settings. Starting, stopping and changing
/// may be asked for at the same time; they are done one after the other, and what was asked for last holds.
final class SourceKeeper<Device: LiveDevice>: Sendable {
    /// What a device may take besides waiting for data before it counts as hung, in nanoseconds: opening takes seconds for some, and a thread
    /// that has not come back after half a minute hangs in its driver.
    static var opening: Int64 { 30_000_000_000 }

    private struct Plan {
        /// Nil: the configuration has switched the source off.
        var settings: Device.Settings?
        /// Between start and stop.
        var isRunning = false
    }

    private let device: Device
    private let reporter: SourceReporter
    private let progress: StageProgress
    private let plan: Mutex<Plan>
    private let turns = WorkChain()
    private let relay: HotPlugRelay

    /// Looks after a device that does not run yet; `settings` are nil for a source that is switched off.
    init(_ device: Device, settings: Device.Settings?, reporter: SourceReporter, progress: StageProgress) {
        self.device = device
        self.reporter = reporter
        self.progress = progress
        plan = Mutex(Plan(settings: settings))
        relay = HotPlugRelay { [weak device] isRelease in await device?.devicesChanged(isRelease: isRelease) }
        progress.waits("for its start")
    }

    /// Opens the device, unless it is switched off. Returns when the first try is over.
    func start() async { await change { $0.isRunning = true } }

    /// Closes the device; returns when it is closed.
    func stop() async { await change { $0.isRunning = false } }

    /// Other settings hold from now on; nil switches the source off.
    func set(_ settings: Device.Settings?) async { await change { $0.settings = settings } }

    /// Something changed among the devices. Returns at once.
    func devicesChanged(isRelease: Bool) { relay.note(isRelease: isRelease) }

    private func change(_ body: (inout Plan) -> Void) async {
        plan.withLock { body(&$0) }
        await turns.run { [self] in await settle() }
    }

    private func settle() async {
        let plan = plan.withLock { $0 }
        guard let settings = plan.settings else {
            if plan.isRunning { reporter.isSwitchedOff = true }
            await device.stop()
            if plan.isRunning { reporter.tellSwitchedOff() }
            return
        }
        guard plan.isRunning else { return await device.stop() }
        reporter.isSwitchedOff = false
        let silence = Self.opening + settings.patienceNanoseconds
        // The old patience counts until the device has the new one.
        progress.allow(silence: max(silence, progress.maximumSilence))
        await device.reconfigure(settings)
        await device.start()
        progress.allow(silence: silence)
    }
}
