/// What becomes of a camera or a microphone that comes and goes: decides when to open, when to close, when to try again, and what is said
/// about it. Pure: events and times go in, actions come out.
///
/// Whoever drives it does the actions in order, reports back (`opened`, `failed`, `delivered`, `broke`), and calls `tick` when `deadline` has
/// come. A device that fails while it streams is opened again at once, then after 0.5 s, 1 s … 30 s; one that has streamed for a second has
/// earned a new start. Hot-plug events cut every wait short. An event that does not fit, like data of a device that has been closed, changes
/// nothing.
package struct SourceMachine: Sendable {
    /// How patient it is.
    package struct Settings: Sendable, Equatable {
        /// Without data for this long, an open device counts as stalled, in nanoseconds.
        package var stallNanoseconds: Int64
        /// The first wait before another try, in nanoseconds.
        package var firstBackoffNanoseconds: Int64 = 500_000_000
        /// The longest wait, in nanoseconds.
        package var lastBackoffNanoseconds: Int64 = 30_000_000_000
        /// How long hot-plug events are let settle: nodes appear before their permissions do.
        package var settleNanoseconds: Int64 = 250_000_000
        /// Streaming for this long earns a new start.
        package var provenNanoseconds: Int64 = 1_000_000_000

        /// The defaults, with a stall time.
        package init(stallNanoseconds: Int64 = 2_000_000_000) {
            self.stallNanoseconds = stallNanoseconds
        }
    }

    /// Why a device could not be opened.
    package enum Obstacle: Sendable, Equatable {
        /// There is no such device.
        case absent
        /// Another program has it.
        case busy
        /// The kernel does not let us.
        case denied
        /// Anything else.
        case fault
    }

    /// What the driver must do.
    package enum Action: Sendable, Equatable {
        /// Find, open and start the device, and report `opened` or `failed`.
        case open
        /// Stop and close the device; must not fail.
        case close
        /// Tell everybody.
        case report(SourceState, detail: String?)
    }

    private enum Phase: Equatable {
        case idle
        /// `open` was said, and neither `opened` nor `failed` has come yet.
        case opening
        /// Open, nothing delivered yet.
        case starting
        case streaming(since: MonoTime)
        case waiting
    }

    private let settings: Settings
    private var random: SplitMix64
    private var phase = Phase.idle
    private var attempt = 0
    /// Devices changed while one was being opened: what it failed by may be over already.
    private var hasChanged = false
    /// Since when it waits; kept afterwards.
    private var waitingSince: MonoTime?
    private var lastReport: (state: SourceState, detail: String?)?

    /// When `tick` is due; nil for never.
    package private(set) var deadline: MonoTime?
    /// What was reported last; nil before `start`.
    package var state: SourceState? { lastReport?.state }

    /// A machine that has not started. The seed spreads the waits of several sources.
    package init(_ settings: Settings = Settings(), seed: UInt64 = 0) {
        self.settings = settings
        random = SplitMix64(seed: seed)
    }

    /// Begins: opens the device for the first time.
    package mutating func start() -> [Action] {
        guard phase == .idle else { return [] }
        attempt = 0
        waitingSince = nil
        return report(.opening, nil) + open()
    }

    /// Ends; `start` begins anew.
    package mutating func stop() -> [Action] {
        let isOpen = isOpen
        phase = .idle
        deadline = nil
        return (isOpen ? [.close] : []) + report(.ended, nil)
    }

    /// The device was opened and started; data must follow. One that nobody waits for any more, as the machine was stopped meanwhile, is
    /// closed.
    package mutating func opened(at now: MonoTime) -> [Action] {
        guard phase == .opening else { return isOpen ? [] : [.close] }
        phase = .starting
        hasChanged = false
        deadline = now.advanced(byNanoseconds: settings.stallNanoseconds)
        return report(.opening, nil)
    }

    /// The device could not be opened; nothing is open.
    package mutating func failed(_ obstacle: Obstacle, _ detail: String, at now: MonoTime) -> [Action] {
        guard phase == .opening else { return [] }
        let state: SourceState =
            switch obstacle {
            case .absent: .absent
            case .busy: .busy
            case .denied: .denied
            case .fault: .backoff
            }
        return wait(state, detail, at: now)
    }

    /// Data came. Cheap: called for each frame or period.
    package mutating func delivered(at now: MonoTime) -> [Action] {
        guard isOpen else { return [] }
        deadline = now.advanced(byNanoseconds: settings.stallNanoseconds)
        guard case .streaming(let since) = phase else {
            phase = .streaming(since: now)
            return report(.streaming, nil)
        }
        if attempt > 0, now.nanoseconds(since: since) >= settings.provenNanoseconds { attempt = 0 }
        return []
    }

    /// The open device failed.
    ///
    /// - Parameters:
    ///   - isGone: the device has been unplugged: there is no use in opening it at once.
    ///   - detail: one line for a person.
    package mutating func broke(_ detail: String, isGone: Bool, at now: MonoTime) -> [Action] {
        guard isOpen else { return [] }
        if isGone { return [.close] + wait(.absent, detail, at: now) }
        return [.close] + again(detail, at: now)
    }

    /// Something changed among the devices: a wait is cut short, once things have settled.
    ///
    /// - Parameter isRelease: somebody has closed the device. So have we, just when the wait began; taken for another's, our own closing would
    ///   have us try four times a second for as long as the device is busy.
    package mutating func devicesChanged(at now: MonoTime, isRelease: Bool = false) -> [Action] {
        if isRelease, let waitingSince, now.nanoseconds(since: waitingSince) < settings.settleNanoseconds { return [] }
        if phase == .opening, !isRelease { hasChanged = true }
        guard phase == .waiting else { return [] }
        let settled = now.advanced(byNanoseconds: settings.settleNanoseconds)
        deadline = deadline.map { min($0, settled) } ?? settled
        return []
    }

    /// Time has passed; does nothing before `deadline`.
    package mutating func tick(at now: MonoTime) -> [Action] {
        guard let deadline, now >= deadline else { return [] }
        switch phase {
        case .idle, .opening: return []
        case .waiting: return open()
        case .starting, .streaming:
            let detail = "nothing came for \(Self.seconds(settings.stallNanoseconds)) s; opening it again"
            return report(.stalled, detail) + [.close] + again(detail, at: now)
        }
    }

    private var isOpen: Bool {
        switch phase {
        case .starting, .streaming: true
        case .idle, .opening, .waiting: false
        }
    }

    /// Another try says nothing before it succeeds: an absent device stays `absent` instead of flickering.
    private mutating func open() -> [Action] {
        phase = .opening
        deadline = nil
        hasChanged = false
        return [.open]
    }

    /// Opens at once the first time, and waits after that.
    private mutating func again(_ detail: String?, at now: MonoTime) -> [Action] {
        if attempt == 0 {
            attempt = 1
            return report(.opening, detail) + open()
        }
        return wait(.backoff, detail, at: now)
    }

    private mutating func wait(_ state: SourceState, _ detail: String?, at now: MonoTime) -> [Action] {
        phase = .waiting
        waitingSince = now
        // The first try after a start counts like the immediate one after streaming: 0.5 s follow either.
        attempt = max(attempt, 1)
        let (product, overflow) = settings.firstBackoffNanoseconds.multipliedReportingOverflow(by: 1 << Int64(min(attempt - 1, 16)))
        // Up to a tenth more, so that sources that failed together do not knock together.
        let longest = settings.lastBackoffNanoseconds
        let limit = min(overflow ? .max : product, longest - longest / 11)
        var delay = limit + Int64(Double(limit) * 0.1 * abs(random.unit()))
        if hasChanged { delay = min(delay, settings.settleNanoseconds) }
        hasChanged = false
        attempt += 1
        deadline = now.advanced(byNanoseconds: delay)
        return report(state, detail)
    }

    private mutating func report(_ state: SourceState, _ detail: String?) -> [Action] {
        // The reason stays told while it holds.
        if let last = lastReport, last.state == state, last.detail == detail || detail == nil { return [] }
        lastReport = (state, detail)
        return [.report(state, detail: detail)]
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        let tenths = (nanoseconds + 50_000_000) / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}
