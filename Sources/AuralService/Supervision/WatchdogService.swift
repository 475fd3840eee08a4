import AuralCore
import Logging
import ServiceLifecycle
import Synchronization

/// Looks at every stage at half of the manager's interval, and feeds its watchdog or says which stage is late. Without a manager it only says.
package final class WatchdogService: Service {
    /// How often stages are looked at where no manager waits for a sign of life: 5 seconds, in nanoseconds.
    package static let unsupervisedInterval: Int64 = 5_000_000_000

    private let stages: [StageProgress]
    private let feedsManager: Bool
    private let interval: Int64
    private let notifier: ServiceNotifier
    private let logger: Logger
    private let clock: any TimeSource
    private let timer: any IntervalTimer
    private let machine: Mutex<WatchdogMachine>

    /// Plans the supervision.
    ///
    /// - Parameters:
    ///   - stages: every stage of the daemon, with names of their own; those that are switched off say so themselves.
    ///   - interval: the manager's, in nanoseconds (`WatchdogInterval`); nil where there is none.
    package init(
        stages: [StageProgress], interval: Int64?, notifier: ServiceNotifier, logger: Logger, clock: any TimeSource = SystemTimeSource(),
        timer: any IntervalTimer = SystemTimer()
    ) {
        self.stages = stages
        feedsManager = interval != nil
        self.interval = max(1, interval.map { $0 / 2 } ?? Self.unsupervisedInterval)
        self.notifier = notifier
        self.logger = logger
        self.clock = clock
        self.timer = timer
        var machine = WatchdogMachine()
        for stage in stages { machine.register(stage.stage, maximumSilence: stage.maximumSilence, at: clock.now()) }
        self.machine = Mutex(machine)
    }

    /// Supervises until graceful shutdown or cancellation, and then tells the manager that the daemon is ending. Belongs at the end of a
    /// service group: services are shut down from the last to the first, and while the others end, none has to move any more.
    package func run() async throws {
        look()
        for await _ in timer.ticks(everyNanoseconds: interval).cancelOnGracefulShutdown() { look() }
        notifier.send(.stopping, .status("ending"))
    }

    private func look() {
        let (verdict, changes) = machine.withLock { machine in
            for stage in stages {
                machine.allows(stage.stage, maximumSilence: stage.maximumSilence)
                switch stage.activity {
                case .working(let time): machine.moved(stage.stage, at: time)
                case .waiting(let reason): machine.waits(stage.stage, reason)
                case .disabled: machine.disabled(stage.stage)
                }
            }
            // Read after the stages: a stage cannot have moved later than now.
            let now = clock.now()
            return (machine.feed(at: now), machine.changes(at: now))
        }
        for change in changes { report(change) }
        if feedsManager, verdict == .feed { notifier.send(.watchdog) }
    }

    private func report(_ change: WatchdogMachine.Change) {
        switch change {
        case .late(let stage):
            let consequence = feedsManager ? "; the watchdog gets no sign of life until it moves" : ""
            logger.error(
                "a stage has stopped moving\(consequence)",
                metadata: [
                    "stage": "\(stage.name)", "silent_s": "\(stage.silence / 1_000_000_000)",
                    "allowed_s": "\(stage.maximumSilence / 1_000_000_000)",
                ])
        case .recovered(let name): logger.notice("a stage moves again", metadata: ["stage": "\(name)"])
        }
    }
}
