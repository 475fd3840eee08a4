import AuralCapture
import AuralCore
import Glibc
import Synchronization

/// A sound card and its driver that exist only here, with a clock that is turned by hand: it drifts, stamps badly, overruns, falls asleep, is
/// unplugged, busy or forbidden, and fails on command.
///
/// The card counts samples from the beginning of time, whether somebody listens or not, and sample n of channel c has the value n + 4096 c,
/// as 16 bits: so a test sees from the samples which ones it got.
package final class FakeALSACard: ALSASystem, TimeSource, DeviceLocator {
    /// How the card can be found.
    package enum Presence: Sendable, Equatable {
        case present, absent, busy, denied
    }

    /// What its time stamps are worth.
    package enum Stamps: Sendable, Equatable {
        /// As they should be.
        case monotonic
        /// None: 0.
        case none
        /// Of some other clock.
        case foreign
        /// Always the same one.
        case stuck
    }

    /// What may be changed at any time.
    package struct Traits: Sendable {
        /// How much faster than nominal it runs, in millionths.
        package var ppm = 0.0
        /// The rates that it has; the nearest is taken.
        package var rates = [8000, 16_000, 44_100, 48_000, 96_000, 192_000]
        /// The numbers of channels that it has; the nearest is taken.
        package var channels = 1...8
        /// The formats that it has.
        package var formats = SampleFormat.allCases
        /// How it can be found.
        package var presence = Presence.present
        /// What its time stamps are worth.
        package var stamps = Stamps.monotonic
        /// Its position moves on by so many samples at a time.
        package var granularity = 1
        /// At most so many samples are read at once.
        package var largestRead = Int.max
        /// It does not move on, though nothing is wrong.
        package var isStalled = false
        /// So many tries of `snd_pcm_resume` fail with EAGAIN; below 0 it is not supported.
        package var resumesAfter = 0
        /// Calls that fail once, by name, with these errnos in order.
        package var failures: [String: [Int32]] = [:]
    }

    struct State {
        var traits = Traits()
        var now: Int64 = 1_000_000_000_000
        /// The card's own time, which is what its quartz says: seconds.
        var seconds = 0.0
        var openHandles = 0
        var openings = 0
        var calls: [String] = []
        var pcm = FakeALSAPCM.Stream()
    }

    let state = Mutex(State())

    /// A card with everything in order, whose clock shows that time.
    package init(startingAt now: MonoTime = MonoTime(nanoseconds: 1_000_000_000_000)) {
        state.withLock { $0.now = now.nanoseconds }
    }

    /// Changes the card.
    package func change(_ body: (inout Traits) -> Void) {
        state.withLock { state in
            body(&state.traits)
            if state.traits.presence == .absent, state.pcm.state != .stopped || state.openHandles > 0 { state.pcm.state = .disconnected }
        }
    }

    /// The system goes to sleep: capture stops, and samples are lost.
    package func suspend() { state.withLock { if $0.openHandles > 0 { $0.pcm.state = .suspended } } }

    /// Samples disappear on their way, and nobody tells.
    package func loseSamples(_ count: Int64) {
        state.withLock { state in
            state.pcm.started += count
            state.pcm.read += count
        }
    }

    /// PCMs that are open now.
    package var openHandles: Int { state.withLock(\.openHandles) }
    /// PCMs that were ever opened.
    package var openings: Int { state.withLock(\.openings) }
    /// What was called since the last time this was asked, without positions, states and reads.
    package func takeCalls() -> [String] {
        state.withLock { state in
            defer { state.calls = [] }
            return state.calls
        }
    }

    package func now() -> MonoTime { state.withLock { MonoTime(nanoseconds: $0.now) } }

    /// Time passes.
    package func advance(to time: MonoTime) {
        state.withLock { state in
            let passed = max(0, time.nanoseconds - state.now)
            state.now += passed
            if !state.traits.isStalled { state.seconds += Double(passed) * 1e-9 * (1 + state.traits.ppm * 1e-6) }
            state.synchronise()
        }
    }

    /// The card's number of the sample that is read next.
    package var position: Int64 { state.withLock { $0.pcm.read } }

    /// When the card takes a sample of that number, if it goes on as it does.
    package func time(of sample: Int64) -> MonoTime {
        state.withLock { state in
            let seconds = Double(sample) / Double(state.pcm.configuration.sampleRate) - state.seconds
            return MonoTime(nanoseconds: state.now + Int64(seconds / (1 + state.traits.ppm * 1e-6) * 1e9))
        }
    }

    package func locate(_ name: String) throws(DeviceError) -> LocatedDevice {
        if state.withLock({ $0.traits.presence }) == .absent { throw DeviceError(.absent, device: name, "no such card") }
        return LocatedDevice(path: "hw:CARD=\(name)", label: "Fake card")
    }

    package func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError {
        error.code == .busy ? DeviceError(.busy, device: device.path, "held by arecord (12)") : error
    }

    package func open(_ name: String) throws(ALSAFailure) -> any ALSAPCM {
        let problem: Int32 = state.withLock { state in
            let problem: Int32 =
                switch state.traits.presence {
                case .present: state.failure("snd_pcm_open") ?? 0
                case .absent: ENOENT
                case .busy: EBUSY
                case .denied: EACCES
                }
            if problem == 0 {
                state.openHandles += 1
                state.openings += 1
                state.pcm = FakeALSAPCM.Stream()
            }
            return problem
        }
        if problem != 0 { throw ALSAFailure("snd_pcm_open", problem) }
        return FakeALSAPCM(self)
    }
}

extension FakeALSACard.State {
    /// Notes a call, and says whether it is to fail.
    mutating func failure(_ call: String) -> Int32? {
        calls.append(call)
        return planned(call)
    }

    /// The errno with which a call is to fail.
    mutating func planned(_ call: String) -> Int32? {
        guard let next = traits.failures[call]?.first else { return nil }
        traits.failures[call]?.removeFirst()
        return next
    }

    /// The number of the sample that the card takes next.
    var cardPosition: Int64 { Int64((seconds * Double(pcm.configuration.sampleRate)).rounded(.down)) }

    /// Samples of the running stream that wait.
    var available: Int64 {
        let grain = Int64(max(1, traits.granularity))
        return max(0, (cardPosition - pcm.started) / grain * grain + pcm.started - pcm.read)
    }

    /// A stream that nobody reads stops.
    mutating func synchronise() {
        if pcm.state == .running, available >= Int64(pcm.configuration.buffer) { pcm.state = .overrun }
    }
}
