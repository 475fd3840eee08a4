import AuralCapture
import AuralCore
import AuralWire
import Testing

@testable import AuralService

@Suite struct SourceReporterTests {
    private final class Rig: Sendable {
        let hub = Hub()
        let log = LineSink()
        let progress = StageProgress(stage: "microphone", maximumSilence: 1)
        let reporter: SourceReporter
        let states = Notes<SourceRecord.State>()

        init() {
            let states = states
            reporter = SourceReporter(
                source: "microphone", medium: .audio, hub: hub, logger: log.logger(), progress: progress, setMetric: { states.add($0) })
        }
    }

    private enum Activity { case works, waits, off }

    @Test(
        "each state goes to clients, metrics and watchdog, and to the log by its weight",
        arguments: [
            (.opening, .works, "<6>"), (.streaming, .works, "<5>"), (.stalled, .works, "<4>"), (.absent, .waits, "<4>"), (.busy, .waits, "<4>"),
            (.denied, .waits, "<4>"), (.backoff, .waits, "<4>"), (.ended, .off, "<5>"),
        ] as [(SourceState, Activity, String)])
    private func states(state: SourceState, activity: Activity, priority: String) throws {
        let rig = Rig()
        rig.reporter.note(.state(state, detail: "because"))
        let word = SourceRecord.State(rawValue: state.rawValue)
        #expect(rig.hub.sources == [SourceRecord(source: "microphone", medium: .audio, state: word, detail: "because")])
        #expect(rig.states.all == [word] && rig.reporter.latest == rig.hub.sources.first)
        switch activity {
        case .works: #expect(rig.progress.activity.moved != nil)
        case .waits: #expect(rig.progress.activity == .waiting(state.rawValue))
        case .off: #expect(rig.progress.activity == .disabled)
        }
        #expect(rig.log.lines == ["\(priority)source reason=because source=microphone state=\(state.rawValue)\n"])
    }

    @Test("the mode is that of the opening, not of the one before")
    func mode() {
        let reporter = Rig().reporter
        func mode(after events: SourceEvent...) -> String? {
            for event in events { reporter.note(event) }
            return reporter.latest.mode
        }
        #expect(mode(after: .state(.opening, detail: nil), .configured("A")) == "A")
        #expect(mode(after: .state(.streaming, detail: nil)) == "A")
        #expect(mode(after: .state(.opening, detail: "again")) == nil)
        #expect(mode(after: .configured("B"), .state(.streaming, detail: nil)) == "B")
        #expect(mode(after: .state(.stalled, detail: nil)) == nil)
        #expect(mode(after: .state(.absent, detail: nil)) == nil)
        // A device that was waited for says what it was set to before its state changes.
        #expect(mode(after: .configured("C"), .state(.opening, detail: nil)) == "C")
    }

    @Test("opening ends waiting for the watchdog, gaps are told with their reason, warnings as they are")
    func others() {
        let rig = Rig()
        let gaps = Notes<String>()
        rig.reporter.onGap { samples, reason in gaps.add("\(samples) \(reason)") }
        rig.reporter.note(.state(.absent, detail: nil))
        rig.reporter.note(.configured("mode"))
        #expect(rig.progress.activity.moved != nil)
        rig.reporter.note(.gap(samples: 480, at: 7, reason: "xrun"))
        rig.reporter.note(.warning("mind the step"))
        #expect(gaps.all == ["480 xrun"])
        #expect(
            rig.log.lines.suffix(2)
                == ["<4>sound is missing at=7 reason=xrun samples=480 source=microphone\n", "<4>mind the step source=microphone\n"])
    }

    @Test("a source that is switched off ends with that reason, told once")
    func switchedOff() {
        let rig = Rig()
        rig.reporter.note(.state(.streaming, detail: nil))
        rig.reporter.isSwitchedOff = true
        rig.reporter.note(.state(.ended, detail: nil))
        rig.reporter.tellSwitchedOff()
        #expect(rig.hub.sources.first?.detail == "switched off: device = \"none\"" && rig.log.lines.count == 2)
        rig.reporter.isSwitchedOff = false
        rig.reporter.note(.state(.opening, detail: nil))
        rig.reporter.note(.state(.ended, detail: nil))
        #expect(rig.hub.sources.first?.detail == nil, "the daemon ends")
    }
}
