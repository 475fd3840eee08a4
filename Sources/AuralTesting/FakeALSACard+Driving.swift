import AuralCapture
import AuralCore
import Glibc
import Synchronization

extension FakeALSACard {
    /// Lets a driver live until a time, as its thread would: sleeps until the card has a period or the driver's deadline has come, and wakes
    /// up as late as `lateness` says. Returns how often it woke up.
    @discardableResult
    package func run(
        _ driver: MicrophoneDriver, until end: MonoTime, lateness: () -> Int64 = { 0 }, afterEach body: () -> Void = {}
    ) -> Int {
        var descriptors: [pollfd] = []
        var wakes = 0
        while now() < end {
            descriptors.removeAll(keepingCapacity: true)
            let deadline = driver.prepare(&descriptors)
            let ready = descriptors.isEmpty ? nil : readyTime()
            let late = ready?.advanced(byNanoseconds: max(0, lateness()))
            let wake = [late, deadline].compactMap { $0 }.min() ?? end
            guard wake <= end else {
                advance(to: end)
                break
            }
            // Never twice at one time: a driver that asks for that would turn round for ever.
            advance(to: max(wake, now().advanced(byNanoseconds: 1000)))
            let raw = rawEvents()
            for index in descriptors.indices where descriptors[index].fd == FakeALSAPCM.descriptors[0] { descriptors[index].revents = raw }
            driver.advance(descriptors[...], at: now())
            wakes += 1
            body()
        }
        return wakes
    }

    /// When poll(2) returns: at once for a stream that has stopped, when there is a period for one that runs; nil for never.
    private func readyTime() -> MonoTime? {
        state.withLock { state -> MonoTime? in
            state.synchronise()
            guard state.pcm.state == .running else { return MonoTime(nanoseconds: state.now) }
            if state.traits.isStalled { return nil }
            let grain = Int64(max(1, state.traits.granularity))
            let wanted = state.pcm.read - state.pcm.started + Int64(state.pcm.configuration.period)
            let sample = state.pcm.started + (wanted + grain - 1) / grain * grain
            let seconds = Double(sample) / Double(state.pcm.configuration.sampleRate) - state.seconds
            return MonoTime(nanoseconds: state.now + max(0, Int64((seconds / (1 + state.traits.ppm * 1e-6) * 1e9).rounded(.up)) + 1))
        }
    }

    /// What poll(2) says of the first descriptor.
    private func rawEvents() -> Int16 {
        state.withLock { state in
            state.synchronise()
            guard state.pcm.state == .running else { return Int16(POLLERR) }
            return state.available >= Int64(state.pcm.configuration.period) ? Int16(POLLOUT) : 0
        }
    }
}
