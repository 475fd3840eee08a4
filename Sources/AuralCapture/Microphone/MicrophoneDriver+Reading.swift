import AuralCore
import Glibc
import Synchronization

extension MicrophoneDriver {
    /// Reads what is there, after it has been told to the clock.
    func drain(_ pcm: any ALSAPCM, at now: MonoTime) throws(ALSAFailure) -> Bool {
        guard let stream, let configuration else { return false }
        let position = try pcm.position()
        guard position.available > 0 else { return false }
        let taken = stamps.time(of: position, now: time.now())
        clock.timestampSource = stamps.source
        fillGap(stream, waiting: position.available, takenUntil: taken)
        observe(stream, waiting: position.available, takenUntil: taken)
        let count = try read(pcm, position.available, configuration, into: stream.ring)
        guard count > 0 else { return false }
        counters.latest.store(now.nanoseconds, ordering: .relaxed)
        perform(machine.delivered(at: now), at: now)
        return true
    }

    /// Sound is there again: what is missing until its first sample is left out.
    private func fillGap(_ stream: SoundStream, waiting: Int, takenUntil taken: MonoTime) {
        guard let outage else { return }
        self.outage = nil
        // A rate that was learnt from a second's jitter would be far off after a minute; the card's own word is not.
        let period = clock.isLocked ? 1e9 / clock.nominalRate / (1 + clock.ppm * 1e-6) : 1e9 / clock.nominalRate
        if let since = outage.since {
            let first = taken.advanced(byNanoseconds: -Int64(Double(waiting) * period))
            let missing = (Double(first.nanoseconds(since: since)) / period).rounded()
            skip(Int64(exactly: max(0, missing)) ?? 0, stream, outage.reason)
        }
        if outage.reason == Self.reopening { clock.reopened() } else { clock.skipped() }
    }

    private func observe(_ stream: SoundStream, waiting: Int, takenUntil taken: MonoTime) {
        let ring = stream.ring
        let (sample, overflow) = ring.written.addingReportingOverflow(Int64(waiting))
        guard !overflow else { return }
        if case .late(let missing) = clock.observe(sample: sample, at: taken), missing > 0 {
            // Samples went missing and nobody told: a USB transfer that failed, a sound server that was late.
            skip(missing, stream, "lost")
            clock.skipped()
        }
        stream.clock.publish(clock.reading)
    }

    private func skip(_ missing: Int64, _ stream: SoundStream, _ reason: String) {
        let index = stream.ring.written
        stream.ring.skip(missing)
        counters.missingSamples.add(UInt64(max(0, missing)), ordering: .relaxed)
        onEvent(.gap(samples: missing, at: index, reason: reason))
    }

    /// Reads `available` samples of each channel into the ring, a period at a time; returns how many it were. A failure after the first is
    /// met again by the next call.
    private func read(
        _ pcm: any ALSAPCM, _ available: Int, _ configuration: PCMConfiguration, into ring: SampleRing
    ) throws(ALSAFailure) -> Int {
        let frameBytes = configuration.channels * configuration.format.bytes
        let chunk = samples.count / configuration.channels
        let memory = period.reserve(chunk * frameBytes)
        var done = 0
        while done < available {
            let count: Int
            do throws(ALSAFailure) {
                count = try pcm.read(memory, frames: min(chunk, available - done))
            } catch {
                if done == 0 { throw error }
                break
            }
            guard (1...chunk).contains(count) else { break }
            append(UnsafeRawBufferPointer(rebasing: memory[0..<(count * frameBytes)]), configuration.format, to: ring)
            counters.samples.add(UInt64(count), ordering: .relaxed)
            done += count
        }
        return done
    }

    private func append(_ bytes: UnsafeRawBufferPointer, _ format: SampleFormat, to ring: SampleRing) {
        let count = bytes.count / format.bytes
        samples.withUnsafeMutableBufferPointer { samples in
            // SAFETY: spans of memory that stays where it is during this call: the array's, and the period's until its next `reserve`.
            var destination = samples.mutableSpan
            format.decode(bytes.bytes, into: &destination)
            ring.append(destination.span.extracting(first: min(count, destination.count)))
        }
    }
}
