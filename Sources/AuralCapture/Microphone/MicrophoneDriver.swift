import AuralCore
import Glibc

/// Opens, reads and reopens a microphone. Synchronous: whoever drives it asks `prepare` what to wait for, waits, and calls `advance`; a thread
/// with poll(2) does so in the daemon, a loop with a manual clock in tests. To be used by one thread at a time.
///
/// Samples are never invented: what is missing, for whatever reason, is counted by the clock when sound is there again, left out of the ring as
/// a gap, and told.
package final class MicrophoneDriver {
    /// Sound that is missing until the next sample comes.
    struct Outage {
        var reason: String
        /// When the sample would have been taken that comes next in the ring; nil when no time is known yet.
        var since: MonoTime?
    }

    var settings: MicrophoneSettings
    let system: any ALSASystem
    let locator: any DeviceLocator
    let time: any TimeSource
    let counters: SourceCounters
    let board: SoundBoard
    let onEvent: (SourceEvent) -> Void

    var machine: SourceMachine
    var pcm: (any ALSAPCM)?
    var configuration: PCMConfiguration?
    var stream: SoundStream?
    var clock = SampleClock(nominalRate: 1)
    var stamps = StampJudge(buffer: 0, sampleRate: 1)
    var outage: Outage?
    /// When a suspended device is asked again whether it can go on; its descriptors mean nothing until then.
    var resumption: MonoTime?
    var lastWarning: String?
    private var isRunning = false
    let period = ScratchBuffer()
    var samples: [Float] = []

    /// Prepares to read a microphone.
    ///
    /// - Parameters:
    ///   - settings: which microphone, and what is wanted of it.
    ///   - system: alsa-lib.
    ///   - locator: finds the device, anew at each opening.
    ///   - time: the monotonic clock.
    ///   - counters: what is counted.
    ///   - board: where the sound is published.
    ///   - onEvent: takes everything else; must not block.
    package init(
        settings: MicrophoneSettings, system: any ALSASystem, locator: any DeviceLocator, time: any TimeSource = SystemTimeSource(),
        counters: SourceCounters, board: SoundBoard, onEvent: @escaping (SourceEvent) -> Void
    ) {
        self.settings = settings
        self.system = system
        self.locator = locator
        self.time = time
        self.counters = counters
        self.board = board
        self.onEvent = onEvent
        machine = Self.machine(settings)
    }

    deinit { pcm?.close() }

    /// Opens the microphone for the first time.
    package func start(at now: MonoTime) {
        isRunning = true
        perform(machine.start(), at: now)
    }

    /// Appends what to wait for, and returns when `advance` is due at the latest; nil for no limit.
    package func prepare(_ descriptors: inout [pollfd]) -> MonoTime? {
        guard let resumption else {
            pcm?.descriptors(&descriptors)
            return machine.deadline
        }
        return machine.deadline.map { min($0, resumption) } ?? resumption
    }

    /// Something is ready or the time has come; `descriptors` are those of `prepare`, with their `revents`.
    package func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime) {
        if let pcm {
            do throws(ALSAFailure) {
                if let resumption {
                    if now >= resumption { try resume(pcm, at: now) }
                } else if descriptors.contains(where: { $0.revents != 0 }) {
                    try react(pcm, to: try pcm.events(descriptors), at: now)
                }
            } catch {
                handle(error, pcm, at: now)
            }
        }
        perform(machine.tick(at: now), at: now)
    }

    /// Something changed among the devices: a microphone that is waited for is looked for soon.
    package func devicesChanged(at now: MonoTime, isRelease: Bool = false) {
        perform(machine.devicesChanged(at: now, isRelease: isRelease), at: now)
    }

    /// From now on other settings hold; the microphone is opened anew for them.
    package func reconfigure(_ settings: MicrophoneSettings, at now: MonoTime) {
        guard settings != self.settings else { return }
        self.settings = settings
        close()
        machine = Self.machine(settings)
        if isRunning { perform(machine.start(), at: now) }
    }

    /// Closes the microphone; `start` begins anew.
    package func stop(at now: MonoTime) {
        guard isRunning else { return }
        isRunning = false
        perform(machine.stop(), at: now)
    }

    private static func machine(_ settings: MicrophoneSettings) -> SourceMachine {
        SourceMachine(.init(stallNanoseconds: settings.patienceNanoseconds), seed: SplitMix64.hash(settings.device))
    }

    func perform(_ actions: [SourceMachine.Action], at now: MonoTime) {
        guard !actions.isEmpty else { return }
        var actions = actions
        var index = 0
        while index < actions.count {
            switch actions[index] {
            case .open: actions += open()
            case .close: close()
            case .report(let state, let detail): onEvent(.state(state, detail: detail))
            }
            index += 1
        }
    }
}
