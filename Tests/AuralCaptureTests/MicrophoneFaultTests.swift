import AuralCapture
import AuralCore
import AuralTesting
import Glibc
import Synchronization
import Testing

@Suite struct MicrophoneFaultTests {
    /// What happens to a microphone that streams, and what must follow.
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        /// Makes it happen.
        var begin: @Sendable (FakeALSACard) -> Void
        /// How long it lasts, in seconds.
        var lasts = 0.0
        /// Ends it.
        var end: @Sendable (FakeALSACard) -> Void = { _ in }
        /// Whether hot-plug events tell of it.
        var isPlugged = false
        /// Nobody wakes up while it lasts.
        var isAsleep = false
        /// The states that are said because of it.
        var states: [SourceState] = []
        /// Why sound is missing.
        var gap: String?
        /// How many overruns are counted.
        var overruns: UInt64 = 0
        /// What is called because of it.
        var calls: [String] = []
        var testDescription: String { name }
    }

    static let faults: [Fault] = [
        Fault(
            name: "overrun: nobody reads for 300 ms", begin: { _ in }, lasts: 0.3, isAsleep: true, gap: "xrun", overruns: 1,
            calls: ["snd_pcm_prepare", "snd_pcm_start"]),
        Fault(name: "a reader that is 150 ms late loses nothing", begin: { _ in }, lasts: 0.15, isAsleep: true),
        Fault(
            name: "overrun that readi reports", begin: { $0.change { $0.failures["snd_pcm_readi"] = [EPIPE] } }, gap: "xrun", overruns: 1,
            calls: ["snd_pcm_prepare", "snd_pcm_start"]),
        Fault(
            name: "unplug and replug", begin: { $0.change { $0.presence = .absent } }, lasts: 5, end: { $0.change { $0.presence = .present } },
            isPlugged: true, states: [.absent, .opening, .streaming], gap: "reopen",
            calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(
            name: "unplug that only readi reports", begin: { $0.change { $0.failures["snd_pcm_readi"] = [ENODEV] } }, lasts: 1,
            states: [.absent, .opening, .streaming], gap: "reopen",
            calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(
            name: "another program was faster after an error",
            begin: {
                $0.change {
                    $0.presence = .busy
                    $0.failures["snd_pcm_avail"] = [EIO]
                }
            }, lasts: 3, end: { $0.change { $0.presence = .present } }, isPlugged: true, states: [.opening, .busy, .opening, .streaming],
            gap: "reopen", calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(
            name: "permission taken away while it was unplugged",
            begin: {
                $0.change {
                    $0.presence = .absent
                }
                $0.change { $0.presence = .denied }
            }, lasts: 3, end: { $0.change { $0.presence = .present } }, isPlugged: true, states: [.absent, .denied, .opening, .streaming],
            gap: "reopen", calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(
            name: "no sound, and no error either", begin: { $0.change { $0.isStalled = true } }, lasts: 3,
            end: { $0.change { $0.isStalled = false } }, states: [.stalled, .opening, .streaming], gap: "reopen",
            calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(name: "sleep, and the driver can resume", begin: { $0.suspend() }, gap: "suspend", calls: ["snd_pcm_resume"]),
        Fault(
            name: "sleep, and the driver needs a while",
            begin: {
                $0.change { $0.resumesAfter = 4 }
                $0.suspend()
            }, lasts: 0.3, gap: "suspend", calls: [String](repeating: "snd_pcm_resume", count: 5)),
        Fault(
            name: "sleep, and the driver cannot resume",
            begin: {
                $0.change { $0.resumesAfter = -1 }
                $0.suspend()
            }, gap: "suspend", calls: ["snd_pcm_resume", "snd_pcm_prepare", "snd_pcm_start"]),
        Fault(
            name: "interrupted and not yet ready",
            begin: {
                $0.change {
                    $0.failures["snd_pcm_avail"] = [EINTR, EAGAIN]
                    $0.failures["snd_pcm_readi"] = [EAGAIN, EINTR]
                }
            }),
        Fault(
            name: "overrun, and it cannot be started again",
            begin: {
                $0.change {
                    $0.failures["snd_pcm_readi"] = [EPIPE]
                    $0.failures["snd_pcm_start"] = [EIO]
                }
            }, states: [.opening, .streaming], gap: "reopen", overruns: 1,
            calls: ["snd_pcm_prepare", "snd_pcm_start", "snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
        Fault(
            name: "overrun before a device that was opened again has given a sample",
            begin: { $0.change { $0.failures["snd_pcm_avail"] = [EBADFD, EPIPE] } }, states: [.opening, .streaming], gap: "reopen", overruns: 1,
            calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start", "snd_pcm_prepare", "snd_pcm_start"]),
        Fault(
            name: "a bad state", begin: { $0.change { $0.failures["snd_pcm_avail"] = [EBADFD] } }, states: [.opening, .streaming], gap: "reopen",
            calls: ["snd_pcm_close", "snd_pcm_open", "snd_pcm_hw_params", "snd_pcm_start"]),
    ]

    @Test("it comes back by itself, says so, and leaves out exactly what is missing", .timeLimit(.minutes(5)), arguments: faults)
    func fault(fault: Fault) throws {
        let rig = MicrophoneRig(MicrophoneSettings(device: "Mic", rate: 16_000, ringSeconds: 4))
        rig.start()
        rig.run(seconds: 5)
        _ = (rig.takeEvents(), rig.card.takeCalls())
        let (written, skew) = (try rig.stream().ring.written, try rig.skew())

        fault.begin(rig.card)
        if fault.isAsleep {
            rig.card.advance(to: rig.card.now().advanced(byNanoseconds: Int64(fault.lasts * 1e9)))
        } else {
            if fault.isPlugged { rig.driver.devicesChanged(at: rig.card.now()) }
            rig.run(seconds: fault.lasts)
        }
        fault.end(rig.card)
        if fault.isPlugged { rig.driver.devicesChanged(at: rig.card.now()) }
        rig.run(seconds: 2)

        #expect(rig.states == fault.states)
        #expect(rig.card.takeCalls().filter { $0 != "snd_pcm_open" } == fault.calls.filter { $0 != "snd_pcm_open" })
        #expect(rig.card.openHandles == 1)
        #expect(rig.gaps.map(\.reason) == (fault.gap.map { [$0] } ?? []))
        let ring = try rig.stream().ring
        if let gap = rig.gaps.first {
            let range = gap.at..<(gap.at + gap.samples)
            #expect(gap.at == written)
            #expect(ring.gaps(in: written..<ring.written) == (range.isEmpty ? [] : [range]))
            #expect(rig.counters.missingSamples.load(ordering: .relaxed) == UInt64(gap.samples))
        }
        #expect(rig.counters.overruns.load(ordering: .relaxed) == fault.overruns)
        // What was left out is what the card has taken meanwhile, to a fraction of a millisecond, unless its own clock stood still.
        if !fault.name.hasPrefix("no sound") { #expect(abs(try rig.skew() - skew) <= 10) }
        #expect(try rig.clockError() < 2_000_000)
        #expect(try rig.checkContinuity(from: written - 1000) > 16_000)
        #expect(rig.card.now().nanoseconds(since: MonoTime(nanoseconds: rig.counters.latest.load(ordering: .relaxed))) < 50_000_000)
    }

    @Test(
        "a device that cannot be had is waited for, and what is in the way is said",
        arguments: [(.absent, .absent), (.busy, .busy), (.denied, .denied)] as [(FakeALSACard.Presence, SourceState)])
    func waiting(presence: FakeALSACard.Presence, state: SourceState) throws {
        let rig = MicrophoneRig { $0.presence = presence }
        rig.start()
        rig.run(seconds: 300)
        #expect(rig.states == [.opening, state])
        #expect(rig.board.stream == nil && rig.card.openHandles == 0)
        if state == .busy { #expect(rig.events.last == .state(.busy, detail: "hw:CARD=Mic: held by arecord (12)")) }
        rig.card.change { $0.presence = .present }
        rig.driver.devicesChanged(at: rig.card.now())
        rig.run(seconds: 1)
        #expect(rig.states == [.opening, state, .opening, .streaming])
        #expect(rig.gaps.isEmpty)
    }

    @Test("a device that cannot be set up is closed again, and tried again", arguments: ["snd_pcm_hw_params", "snd_pcm_start"])
    func setup(call: String) {
        let rig = MicrophoneRig { $0.failures[call] = [EINVAL, EINVAL] }
        rig.start()
        rig.run(seconds: 5)
        #expect(rig.states == [.opening, .backoff, .opening, .streaming])
        #expect(rig.card.openHandles == 1 && rig.card.openings == 3)
    }

    @Test("samples that a card swallows without a word become a gap")
    func swallowed() throws {
        let rig = MicrophoneRig()
        rig.start()
        rig.run(seconds: 10)
        let skew = try rig.skew()
        // The card's clock goes on, but its samples of 100 ms never come.
        rig.card.loseSamples(4800)
        rig.run(seconds: 3)
        #expect(rig.gaps.map(\.reason) == ["lost"])
        #expect(abs(try rig.skew() - skew) <= 20)
        #expect(try rig.clockError() < 2_000_000)
    }

    @Test("stopped, it is closed; started again, it goes on after a gap")
    func restart() throws {
        let rig = MicrophoneRig()
        rig.start()
        rig.run(seconds: 5)
        let skew = try rig.skew()
        rig.driver.stop(at: rig.card.now())
        #expect(rig.card.openHandles == 0)
        rig.run(seconds: 5)
        #expect(rig.card.openings == 1)
        rig.start()
        rig.run(seconds: 1)
        #expect(rig.gaps.map(\.reason) == ["reopen"])
        #expect(abs(try rig.skew() - skew) <= 20)
        #expect(rig.states == [.opening, .streaming, .ended, .opening, .streaming])
    }

    @Test("a driver that goes leaves nothing open")
    func leak() {
        let card = FakeALSACard()
        do {
            let driver = MicrophoneDriver(
                settings: MicrophoneSettings(device: "Mic"), system: card, locator: card, time: card, counters: SourceCounters(),
                board: SoundBoard(), onEvent: { _ in })
            driver.start(at: card.now())
            #expect(card.openHandles == 1)
        }
        #expect(card.openHandles == 0)
    }
}
