import AuralCapture
import AuralCore
import Glibc
import Synchronization

/// An open PCM of a `FakeALSACard`. Its two descriptors are none: POLLOUT on the first means that sound is there, as with a plugin that waits
/// on a timer of its own.
package final class FakeALSAPCM: ALSAPCM {
    /// A stream as the driver keeps it.
    struct Stream {
        var configuration = PCMConfiguration(sampleRate: 48_000, channels: 1, format: .s16, period: 1, buffer: 2)
        var state = PCMState.stopped
        var isPrepared = false
        /// The card's number of the first sample, and of the one that is read next.
        var started: Int64 = 0
        var read: Int64 = 0
        var resumeTries = 0
    }

    /// The numbers of its descriptors.
    package static let descriptors: [Int32] = [100_000, 100_001]

    private let card: FakeALSACard
    private var isOpen = true

    init(_ card: FakeALSACard) { self.card = card }

    package func configure(_ wanted: PCMRequest) throws(ALSAFailure) -> PCMConfiguration {
        try call("snd_pcm_hw_params") { state in
            guard let format = wanted.format ?? state.traits.formats.first, state.traits.formats.contains(format),
                let rate = state.traits.rates.min(by: { abs($0 - wanted.sampleRate) < abs($1 - wanted.sampleRate) })
            else { return EINVAL }
            let range = state.traits.channels
            let channels = wanted.channels == 0 ? min(2, range.upperBound) : wanted.channels
            let period = max(1, rate * wanted.periodMicroseconds / 1_000_000)
            state.pcm.configuration = PCMConfiguration(
                sampleRate: rate, channels: min(max(channels, range.lowerBound), range.upperBound), format: format, period: period,
                buffer: max(2 * period, rate * wanted.bufferMicroseconds / 1_000_000))
            state.pcm.isPrepared = true
            return 0
        }
        return card.state.withLock(\.pcm.configuration)
    }

    package func prepare() throws(ALSAFailure) {
        try call("snd_pcm_prepare") { state in
            guard state.pcm.state != .disconnected else { return ENODEV }
            state.pcm.state = .stopped
            state.pcm.isPrepared = true
            return 0
        }
    }

    package func start() throws(ALSAFailure) {
        try call("snd_pcm_start") { state in
            guard state.pcm.state != .disconnected else { return ENODEV }
            guard state.pcm.isPrepared, state.pcm.state == .stopped else { return EBADFD }
            state.pcm.isPrepared = false
            state.pcm.state = .running
            state.pcm.started = state.cardPosition
            state.pcm.read = state.pcm.started
            return 0
        }
    }

    package func resume() throws(ALSAFailure) {
        try call("snd_pcm_resume") { state in
            guard state.traits.resumesAfter >= 0 else { return ENOSYS }
            guard state.pcm.state == .suspended else { return EBADFD }
            state.pcm.resumeTries += 1
            guard state.pcm.resumeTries > state.traits.resumesAfter else { return EAGAIN }
            state.pcm.state = .running
            state.pcm.resumeTries = 0
            state.pcm.started = state.cardPosition
            state.pcm.read = state.pcm.started
            return 0
        }
    }

    package var state: PCMState {
        card.state.withLock { state in
            state.synchronise()
            return state.pcm.state
        }
    }

    package func position() throws(ALSAFailure) -> PCMPosition {
        try demandRunning("snd_pcm_avail")
        return card.state.withLock { state in
            let stamp: Int64 =
                switch state.traits.stamps {
                case .monotonic: state.now
                case .none: 0
                case .foreign: state.now + 1_700_000_000_000_000_000
                case .stuck: 999_999_999_999
                }
            return PCMPosition(available: Int(state.available), stampNanoseconds: stamp)
        }
    }

    package func read(_ destination: UnsafeMutableRawBufferPointer, frames: Int) throws(ALSAFailure) -> Int {
        try demandRunning("snd_pcm_readi")
        let count = card.state.withLock { state in
            let configuration = state.pcm.configuration
            let room = destination.count / (configuration.channels * configuration.format.bytes)
            let count = min(Int(state.available), frames, room, state.traits.largestRead)
            var place = 0
            for frame in 0..<Int64(max(0, count)) {
                for channel in 0..<configuration.channels {
                    let bits = Self.bits(of: Self.sample(state.pcm.read + frame, channel), configuration.format)
                    for byte in 0..<configuration.format.bytes {
                        destination[place] = UInt8(truncatingIfNeeded: bits >> UInt32(8 * byte))
                        place += 1
                    }
                }
            }
            state.pcm.read += Int64(max(0, count))
            return count
        }
        if count <= 0 { throw ALSAFailure("snd_pcm_readi", EAGAIN) }
        return count
    }

    package func descriptors(_ descriptors: inout [pollfd]) {
        for number in Self.descriptors { descriptors.append(pollfd(fd: number, events: Int16(POLLIN), revents: 0)) }
    }

    package func events(_ descriptors: ArraySlice<pollfd>) throws(ALSAFailure) -> Int16 {
        var events: Int16 = 0
        for descriptor in descriptors where descriptor.fd == Self.descriptors[0] {
            if descriptor.revents & Int16(POLLOUT) != 0 { events |= Int16(POLLIN) }
            events |= descriptor.revents & Int16(POLLERR | POLLHUP | POLLNVAL)
        }
        return events
    }

    package func close() {
        guard isOpen else { return }
        isOpen = false
        card.state.withLock { state in
            state.calls.append("snd_pcm_close")
            state.openHandles -= 1
            state.pcm.state = .stopped
        }
    }

    /// The value of the card's sample of that number.
    package static func sample(_ number: Int64, _ channel: Int) -> Int16 {
        Int16(truncatingIfNeeded: number &+ 4096 &* Int64(channel))
    }

    /// How a sample of 16 bits is written, the first byte lowest.
    private static func bits(of sample: Int16, _ format: SampleFormat) -> UInt32 {
        switch format {
        case .s16: UInt32(UInt16(bitPattern: sample))
        case .s32: UInt32(UInt16(bitPattern: sample)) << 16
        case .float: (Float(sample) / 32768).bitPattern
        // In the highest of four bytes, where there is one, is what is nobody's business.
        case .packed24, .padded24: UInt32(UInt16(bitPattern: sample)) << 8 | 0x5500_0000
        }
    }

    private func call(_ name: String, _ body: (inout FakeALSACard.State) -> Int32) throws(ALSAFailure) {
        let result = card.state.withLock { state -> Int32 in
            state.synchronise()
            if let errno = state.failure(name) { return errno }
            return body(&state)
        }
        if result != 0 { throw ALSAFailure(name, result) }
    }

    private func demandRunning(_ name: String) throws(ALSAFailure) {
        let result = card.state.withLock { state -> Int32 in
            state.synchronise()
            if let errno = state.planned(name) { return errno }
            return switch state.pcm.state {
            case .running: 0
            case .overrun: EPIPE
            case .suspended: ESTRPIPE
            case .disconnected: ENODEV
            case .stopped: EBADFD
            }
        }
        if result != 0 { throw ALSAFailure(name, result) }
    }
}
