import AuralCore

/// Decides whether the daemon is alive: it is when every enabled stage has moved lately, or waits on purpose.
///
/// A timer that runs proves only that timers run. A daemon whose inference hangs must be started again; one without a camera must not.
package struct WatchdogMachine: Sendable {
    /// A stage that should have moved.
    package struct LateStage: Sendable, Equatable {
        /// Its name.
        package let name: String
        /// Nanoseconds since it moved.
        package let silence: Int64
        /// Nanoseconds that it may be silent.
        package let maximumSilence: Int64

        /// A late stage with all its fields.
        package init(name: String, silence: Int64, maximumSilence: Int64) {
            self.name = name
            self.silence = silence
            self.maximumSilence = maximumSilence
        }
    }

    /// What the manager should get.
    package enum Verdict: Sendable, Equatable {
        /// A sign of life.
        case feed
        /// None, because of these stages, in the order of registration.
        case withhold([LateStage])
    }

    /// What has changed since the last look, for the log.
    package enum Change: Sendable, Equatable {
        /// A stage has become late.
        case late(LateStage)
        /// A stage that was late has moved, or no longer has to.
        case recovered(name: String)
    }

    private struct Stage {
        let name: String
        var maximumSilence: Int64
        var activity: StageActivity
        var isKnownLate = false
    }

    private var stages: [Stage] = []

    /// A machine without stages, which always feeds.
    package init() {}

    /// Adds a stage, which must move within `maximumSilence` nanoseconds from `time` on. A name that is there already starts anew.
    package mutating func register(_ name: String, maximumSilence: Int64, at time: MonoTime) {
        stages.removeAll { $0.name == name }
        stages.append(Stage(name: name, maximumSilence: maximumSilence, activity: .working(since: time)))
    }

    /// A stage may be silent for so many nanoseconds from now on.
    package mutating func allows(_ name: String, maximumSilence: Int64) {
        update(name) { $0.maximumSilence = maximumSilence }
    }

    /// A stage has done a piece of its work. Reports may arrive out of order; the latest counts.
    package mutating func moved(_ name: String, at time: MonoTime) {
        update(name) { stage in
            if case .working(let last) = stage.activity, time < last { return }
            stage.activity = .working(since: time)
        }
    }

    /// A stage waits on purpose, for a device for one, and may do so for ever.
    package mutating func waits(_ name: String, _ reason: String) {
        update(name) { $0.activity = .waiting(reason) }
    }

    /// A stage is switched off.
    package mutating func disabled(_ name: String) {
        update(name) { $0.activity = .disabled }
    }

    /// Whether to feed the manager's watchdog.
    package func feed(at time: MonoTime) -> Verdict {
        let late = stages.compactMap { Self.late($0, at: time) }
        return late.isEmpty ? .feed : .withhold(late)
    }

    /// What became late or recovered since this was last asked.
    package mutating func changes(at time: MonoTime) -> [Change] {
        var changes: [Change] = []
        for index in stages.indices {
            let late = Self.late(stages[index], at: time)
            if let late, !stages[index].isKnownLate { changes.append(.late(late)) }
            if late == nil, stages[index].isKnownLate { changes.append(.recovered(name: stages[index].name)) }
            stages[index].isKnownLate = late != nil
        }
        return changes
    }

    private static func late(_ stage: Stage, at time: MonoTime) -> LateStage? {
        guard case .working(let last) = stage.activity else { return nil }
        let silence = time.nanoseconds(since: last)
        guard silence > stage.maximumSilence else { return nil }
        return LateStage(name: stage.name, silence: silence, maximumSilence: stage.maximumSilence)
    }

    private mutating func update(_ name: String, _ change: (inout Stage) -> Void) {
        guard let index = stages.firstIndex(where: { $0.name == name }) else { return }
        change(&stages[index])
    }
}
