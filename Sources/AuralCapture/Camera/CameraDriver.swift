import AuralCore
import Glibc
import Synchronization

/// Opens, reads and reopens a camera. Synchronous: whoever drives it asks `prepare` what to wait for, waits, and calls `advance`; a thread with
/// poll(2) does so in the daemon, a loop with a manual clock in tests.
///
/// To be used by one thread at a time. Frames are copied out of the driver's memory, which is given back at once, into pooled memory.
package final class CameraDriver {
    private var settings: CameraSettings
    private let kernel: any V4L2Kernel
    private let locator: any DeviceLocator
    private let clock: any TimeSource
    private let counters: SourceCounters
    private let deliver: (Frame) -> Void
    private let onEvent: (SourceEvent) -> Void

    private var machine: SourceMachine
    private var device: V4L2Device?
    private var isRunning = false
    private var intake: FrameIntake
    private var rate = RateWatch(promised: 0)
    private var lastWarning: String?
    /// When to look again at a node that is there but offers nothing yet.
    private var nextLook: MonoTime?

    /// How often that is: nothing among the devices changes when a program begins to play into a loopback device.
    private static let lookNanoseconds: Int64 = 1_000_000_000

    /// Prepares to read a camera.
    ///
    /// - Parameters:
    ///   - settings: which camera, and what is wanted of it.
    ///   - kernel: the system calls.
    ///   - locator: finds the device, anew at each opening.
    ///   - clock: the time after an opening, which may take seconds.
    ///   - counters: what is counted.
    ///   - deliver: takes each frame; must not block.
    ///   - onEvent: takes everything else.
    package init(
        settings: CameraSettings, kernel: any V4L2Kernel, locator: any DeviceLocator, clock: any TimeSource = SystemTimeSource(),
        counters: SourceCounters, deliver: @escaping (Frame) -> Void, onEvent: @escaping (SourceEvent) -> Void
    ) {
        self.settings = settings
        self.kernel = kernel
        self.locator = locator
        self.clock = clock
        self.counters = counters
        self.deliver = deliver
        self.onEvent = onEvent
        machine = Self.machine(settings)
        intake = FrameIntake(counters: counters)
    }

    /// Opens the camera for the first time.
    package func start(at now: MonoTime) {
        isRunning = true
        perform(machine.start(), at: now)
    }

    /// Appends what to wait for, and returns when `advance` is due at the latest; nil for no limit.
    package func prepare(_ descriptors: inout [pollfd]) -> MonoTime? {
        if let device { descriptors.append(pollfd(fd: device.descriptor, events: Int16(POLLIN), revents: 0)) }
        guard let nextLook else { return machine.deadline }
        return machine.deadline.map { min($0, nextLook) } ?? nextLook
    }

    /// Something is ready or the time has come; `descriptors` are those of `prepare`, with their `revents`.
    package func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime) {
        if let device, let ready = descriptors.first(where: { $0.fd == device.descriptor })?.revents, ready != 0 {
            do throws(DeviceError) {
                try drain(device, at: now)
                try Self.judge(ready, device)
            } catch {
                perform(machine.broke(error.description, isGone: error.code == .gone, at: now), at: now)
            }
        }
        if let due = nextLook, now >= due {
            nextLook = nil
            perform(machine.devicesChanged(at: now), at: now)
        }
        perform(machine.tick(at: now), at: now)
    }

    /// Something changed among the devices: a camera that is waited for is looked for soon.
    package func devicesChanged(at now: MonoTime, isRelease: Bool = false) {
        perform(machine.devicesChanged(at: now, isRelease: isRelease), at: now)
    }

    /// From now on other settings hold; the camera is opened anew for them.
    package func reconfigure(_ settings: CameraSettings, at now: MonoTime) {
        guard settings != self.settings else { return }
        self.settings = settings
        close()
        machine = Self.machine(settings)
        if isRunning { perform(machine.start(), at: now) }
    }

    /// Closes the camera; `start` begins anew.
    package func stop(at now: MonoTime) {
        guard isRunning else { return }
        isRunning = false
        nextLook = nil
        perform(machine.stop(), at: now)
    }

    private static func machine(_ settings: CameraSettings) -> SourceMachine {
        SourceMachine(.init(stallNanoseconds: settings.patienceNanoseconds), seed: SplitMix64.hash(settings.device))
    }

    /// Takes what is ready, and no more than all buffers once: work for the actor must have its turn.
    private func drain(_ device: V4L2Device, at now: MonoTime) throws(DeviceError) {
        guard let format = device.format else { return }
        for _ in 0..<device.bufferCount {
            let taken = try device.dequeue { intake.take($0, format, at: now) }
            switch taken {
            case nil: return
            case .damaged: continue
            case .first: perform(machine.delivered(at: now), at: now)
            case .frame(let frame):
                perform(machine.delivered(at: now), at: now)
                deliver(frame)
                if let measured = rate.note(sequence: frame.sequence, at: frame.time) { onEvent(.warning(format.slow(measured, asked: settings))) }
            }
        }
    }

    /// poll(2) may report an end that no dequeuing reports.
    private static func judge(_ ready: Int16, _ device: V4L2Device) throws(DeviceError) {
        if ready & Int16(POLLHUP) != 0 { throw DeviceError(.gone, device: device.path, "the camera has been unplugged (POLLHUP)") }
        if ready & Int16(POLLERR | POLLNVAL) != 0 {
            throw DeviceError(.failed(errno: EIO), device: device.path, "the stream has broken (POLLERR)")
        }
    }

    private func perform(_ actions: [SourceMachine.Action], at now: MonoTime) {
        var actions = actions
        var index = 0
        while index < actions.count {
            switch actions[index] {
            case .open: actions += open(at: now)
            case .close: close()
            case .report(let state, let detail): onEvent(.state(state, detail: detail))
            }
            index += 1
        }
    }

    private func close() {
        nextLook = nil
        device?.close()
        device = nil
    }

    private func open(at now: MonoTime) -> [SourceMachine.Action] {
        nextLook = nil
        do throws(DeviceError) {
            let located = try locator.locate(settings.device)
            if let warning = located.warning, warning != lastWarning {
                lastWarning = warning
                onEvent(.warning(warning))
            }
            let opened: V4L2Device
            do throws(DeviceError) {
                opened = try V4L2Device.open(located.path, settings: settings, kernel: kernel)
            } catch {
                if error.code == .absent { nextLook = max(now, clock.now()).advanced(byNanoseconds: Self.lookNanoseconds) }
                throw locator.explain(error, located)
            }
            device = opened
            intake.begin()
            rate = RateWatch(promised: opened.format?.interval?.rate ?? settings.rate)
            counters.openings.add(1, ordering: .relaxed)
            if let format = opened.format { onEvent(.configured(format.summary(asked: settings))) }
            // USB cameras take a second to start; that must not count as theirs to deliver.
            return machine.opened(at: max(now, clock.now()))
        } catch {
            return machine.failed(error.obstacle, error.description, at: max(now, clock.now()))
        }
    }
}
