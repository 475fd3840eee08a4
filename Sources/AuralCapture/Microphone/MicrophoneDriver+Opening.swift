import AuralCore
import Synchronization

extension MicrophoneDriver {
    /// Finds, opens and starts the device; what the machine wants then. Opening may take a while, so the time is read afterwards.
    func open() -> [SourceMachine.Action] {
        do throws(DeviceError) {
            let located = try locator.locate(settings.device)
            if let warning = located.warning, warning != lastWarning {
                lastWarning = warning
                onEvent(.warning(warning))
            }
            do throws(ALSAFailure) {
                try begin(located)
            } catch {
                throw locator.explain(.microphone(error, located.path), located)
            }
            return machine.opened(at: time.now())
        } catch {
            return machine.failed(error.obstacle, error.description, at: time.now())
        }
    }

    private func begin(_ located: LocatedDevice) throws(ALSAFailure) {
        let opened = try system.open(located.path)
        do throws(ALSAFailure) {
            let configuration = try opened.configure(settings.request)
            try opened.start()
            adopt(configuration)
            pcm = opened
            counters.openings.add(1, ordering: .relaxed)
            onEvent(.configured(configuration.summary(located, asked: settings)))
        } catch {
            opened.close()
            throw error
        }
    }

    /// Goes on with the stream that there is, if it has this format, or begins another one.
    private func adopt(_ configuration: PCMConfiguration) {
        self.configuration = configuration
        stamps = StampJudge(buffer: configuration.buffer, sampleRate: configuration.sampleRate)
        let chunk = max(1, configuration.period) * configuration.channels
        if samples.count != chunk { samples = [Float](repeating: 0, count: chunk) }
        if let ring = stream?.ring, ring.channels == configuration.channels, ring.sampleRate == configuration.sampleRate { return }

        let next = SoundStream(
            generation: (stream?.generation ?? -1) + 1,
            ring: SampleRing(
                channels: configuration.channels, sampleRate: configuration.sampleRate, seconds: settings.ringSeconds,
                startingAt: stream?.ring.written ?? 0))
        clock = SampleClock(nominalRate: configuration.sampleRate)
        stream = next
        board.publish(next)
    }

    /// Closes the device. What follows is missing.
    func close() {
        pcm?.close()
        pcm = nil
        resumption = nil
        interrupt(Self.reopening)
    }

    /// From the next sample on, sound is missing. Of several reasons the last is told, but that the device was closed stays true.
    func interrupt(_ reason: String) {
        guard let stream else { return }
        outage = Outage(
            reason: outage?.reason == Self.reopening ? Self.reopening : reason,
            since: outage?.since ?? clock.time(ofSample: stream.ring.written))
    }
}
