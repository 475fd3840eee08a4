import CALSA
import Glibc

/// A PCM of alsa-lib.
final class ALSALibraryPCM: ALSAPCM {
    // SAFETY of the handle: it is valid until `close`, which the owner calls once and last; `deinit` closes what was left open.
    let handle: OpaquePointer
    private var isOpen = true
    /// Kept, so that a wake-up allocates nothing.
    private var woken: [pollfd] = []

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit { close() }

    func prepare() throws(ALSAFailure) { try check("snd_pcm_prepare", snd_pcm_prepare(handle)) }

    func start() throws(ALSAFailure) { try check("snd_pcm_start", snd_pcm_start(handle)) }

    func resume() throws(ALSAFailure) { try check("snd_pcm_resume", snd_pcm_resume(handle)) }

    var state: PCMState {
        switch snd_pcm_state(handle) {
        case SND_PCM_STATE_RUNNING, SND_PCM_STATE_DRAINING, SND_PCM_STATE_PAUSED: .running
        case SND_PCM_STATE_XRUN: .overrun
        case SND_PCM_STATE_SUSPENDED: .suspended
        case SND_PCM_STATE_DISCONNECTED: .disconnected
        default: .stopped
        }
    }

    func position() throws(ALSAFailure) -> PCMPosition {
        // Asks the hardware where it is, and so renews the stamp; without it both are as old as the last interrupt.
        let available = snd_pcm_avail(handle)
        guard available >= 0 else { throw ALSAFailure("snd_pcm_avail", Int32(clamping: available)) }
        var stamped: snd_pcm_uframes_t = 0
        var stamp = snd_htimestamp_t()
        guard snd_pcm_htimestamp(handle, &stamped, &stamp) >= 0, stamped > 0 else {
            return PCMPosition(available: available, stampNanoseconds: 0)
        }
        let (nanoseconds, overflow) = Int64(stamp.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        // This pair belongs together; the number above may be from a moment before.
        return PCMPosition(available: Int(clamping: stamped), stampNanoseconds: overflow ? 0 : nanoseconds &+ Int64(stamp.tv_nsec))
    }

    func read(_ destination: UnsafeMutableRawBufferPointer, frames: Int) throws(ALSAFailure) -> Int {
        // SAFETY: the caller's buffer holds `frames` of the configured format; snd_pcm_frames_to_bytes knows how much that is.
        let room = Int(clamping: snd_pcm_bytes_to_frames(handle, destination.count))
        let count = snd_pcm_readi(handle, destination.baseAddress, snd_pcm_uframes_t(max(0, min(frames, room))))
        guard count >= 0 else { throw ALSAFailure("snd_pcm_readi", Int32(clamping: count)) }
        return count
    }

    func descriptors(_ descriptors: inout [pollfd]) {
        let count = snd_pcm_poll_descriptors_count(handle)
        guard count > 0 else { return }
        let first = descriptors.count
        for _ in 0..<count { descriptors.append(pollfd()) }
        let filled = descriptors[first...].withUnsafeMutableBufferPointer {
            snd_pcm_poll_descriptors(handle, $0.baseAddress, CUnsignedInt(count))
        }
        descriptors.removeLast(Int(count - max(0, min(filled, count))))
    }

    func events(_ descriptors: ArraySlice<pollfd>) throws(ALSAFailure) -> Int16 {
        woken.removeAll(keepingCapacity: true)
        woken.append(contentsOf: descriptors)
        var events: CUnsignedShort = 0
        let result = woken.withUnsafeMutableBufferPointer {
            snd_pcm_poll_descriptors_revents(handle, $0.baseAddress, CUnsignedInt($0.count), &events)
        }
        try check("snd_pcm_poll_descriptors_revents", result)
        return Int16(bitPattern: events)
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        snd_pcm_close(handle)
    }

    func check(_ call: String, _ result: CInt) throws(ALSAFailure) {
        if result < 0 { throw ALSAFailure(call, result) }
    }
}
