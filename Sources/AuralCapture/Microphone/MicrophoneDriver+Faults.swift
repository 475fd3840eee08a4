import AuralCore
import Glibc
import Synchronization

extension MicrophoneDriver {
    /// The reason of a gap that begins with closing the device.
    static let reopening = "reopen"
    /// How often a device that slept with the system is asked whether it is awake, in nanoseconds.
    static let resumeInterval: Int64 = 50_000_000

    /// Does what the poll events ask for.
    func react(_ pcm: any ALSAPCM, to events: Int16, at now: MonoTime) throws(ALSAFailure) {
        if events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 {
            switch pcm.state {
            case .overrun: throw ALSAFailure("poll", EPIPE)
            case .suspended: throw ALSAFailure("poll", ESTRPIPE)
            case .disconnected: throw ALSAFailure("poll", ENODEV)
            case .stopped: throw ALSAFailure("poll", EBADFD)
            case .running:
                // It may have recovered by itself; but an error that stays would have the thread turn round for ever.
                if try drain(pcm, at: now) { return }
                throw ALSAFailure("poll", EIO)
            }
        }
        if events & Int16(POLLIN) != 0 { _ = try drain(pcm, at: now) }
    }

    /// What becomes of a device whose call has failed.
    func handle(_ failure: ALSAFailure, _ pcm: any ALSAPCM, at now: MonoTime) {
        do throws(ALSAFailure) {
            switch failure.errno {
            case EAGAIN, EINTR: return
            case EPIPE:
                counters.overruns.add(1, ordering: .relaxed)
                interrupt("xrun")
                try restart(pcm)
            case ESTRPIPE:
                interrupt("suspend")
                try resume(pcm, at: now)
            default: throw failure
            }
        } catch {
            let isGone = error.errno == ENODEV || pcm.state == .disconnected
            let described = DeviceError.microphone(isGone ? ALSAFailure(error.call, ENODEV) : error, settings.device)
            perform(machine.broke(described.description, isGone: isGone, at: now), at: now)
        }
    }

    /// Capture that has been prepared does not begin by itself, unlike playback that is written to.
    private func restart(_ pcm: any ALSAPCM) throws(ALSAFailure) {
        try pcm.prepare()
        try pcm.start()
    }

    /// Goes on after the system has slept, or later, when it is still waking up. Drivers that cannot resume are begun anew.
    func resume(_ pcm: any ALSAPCM, at now: MonoTime) throws(ALSAFailure) {
        resumption = nil
        do throws(ALSAFailure) {
            try pcm.resume()
            if pcm.state == .running { return }
        } catch {
            if error.errno == EAGAIN {
                resumption = now.advanced(byNanoseconds: Self.resumeInterval)
                return
            }
        }
        try restart(pcm)
    }
}
