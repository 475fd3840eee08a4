import AuralCapture
import AuralWire
import Logging
import Testing

@testable import AuralService

@Suite struct SourceKeeperTests {
    private struct Settings: LiveSettings, Equatable {
        var number: Int
        var patienceNanoseconds: Int64 = 1_000_000_000
    }

    /// Does nothing but note what it is told, and may be held up.
    private actor Device: LiveDevice {
        private(set) var notes: [String] = []
        private(set) var isRunning = false

        func start() {
            if !isRunning { notes.append("start") }
            isRunning = true
        }

        func stop() {
            if isRunning { notes.append("stop") }
            isRunning = false
        }

        func reconfigure(_ settings: Settings) { notes.append("set \(settings.number)") }
        func devicesChanged(isRelease: Bool) { notes.append(isRelease ? "release" : "change") }
    }

    private func reporter(_ hub: Hub, _ progress: StageProgress) -> SourceReporter {
        SourceReporter(source: "camera", medium: .video, hub: hub, logger: LineSink().logger(), progress: progress, setMetric: { _ in })
    }

    @Test("what was asked for last holds, whatever was asked for at the same time", .timeLimit(.minutes(5)))
    func last() async {
        for isOn in [true, false] {
            let (device, progress) = (Device(), StageProgress(stage: "camera", maximumSilence: 0))
            let keeper = SourceKeeper(device, settings: Settings(number: 0), reporter: reporter(Hub(), progress), progress: progress)
            await withTaskGroup { group in
                for number in 0..<100 {
                    group.addTask { await keeper.set(number % 2 == 0 ? nil : Settings(number: number)) }
                    group.addTask { await keeper.start() }
                }
            }
            await keeper.set(isOn ? Settings(number: 1000) : nil)
            #expect(await device.isRunning == isOn)
            if isOn { #expect(await device.notes.last { $0.hasPrefix("set") } == "set 1000") }
            await keeper.stop()
            #expect(await !device.isRunning)
            await keeper.set(Settings(number: 1))
            #expect(await !device.isRunning, "a source that was stopped stays closed")
        }
    }

    @Test("work is done in the order in which it was given", .timeLimit(.minutes(5)))
    func chain() async {
        let chain = WorkChain()
        let done = Notes<Int>()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (begun, beginning) = AsyncStream<Void>.makeStream()
        await withTaskGroup { group in
            group.addTask {
                await chain.run {
                    beginning.finish()
                    for await _ in gate {}
                    done.add(0)
                }
            }
            group.addTask {
                for await _ in begun {}
                async let second: Void = chain.run { done.add(1) }
                opener.finish()
                await second
            }
        }
        #expect(done.all == [0, 1])
    }

    @Test("events that come while the device is busy become one, the strongest", .timeLimit(.minutes(5)))
    func relay() async {
        let told = Notes<Bool>()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (telling, teller) = AsyncStream<Void>.makeStream()
        let relay = HotPlugRelay { isRelease in
            told.add(isRelease)
            teller.yield()
            for await _ in gate {}
        }
        var tellings = telling.makeAsyncIterator()
        relay.note(isRelease: true)
        await tellings.next()
        for number in 0..<1000 { relay.note(isRelease: number != 500) }
        opener.finish()
        await tellings.next()
        #expect(told.all == [true, false])
        relay.note(isRelease: true)
        await tellings.next()
        #expect(told.all == [true, false, true])
    }
}
