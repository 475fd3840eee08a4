import AuralCore

extension SoundStream {
    /// The second of sound for a frame; nil before the first sound. Allocates nothing.
    ///
    /// - Parameters:
    ///   - moment: when the frame was taken.
    ///   - offsetNanoseconds: how much later sound arrives than the picture of the same moment.
    ///   - now: the present time, for `newestAge`.
    package func window(at moment: MonoTime, offsetNanoseconds: Int64 = 0, now: MonoTime) -> SoundWindow? {
        guard let reading = clock.reading else { return nil }
        let written = ring.written
        let wanted = reading.sample(at: moment.advanced(byNanoseconds: offsetNanoseconds))
        let end = max(ring.start, min(wanted, written))
        let (ahead, overflow) = wanted.subtractingReportingOverflow(end)
        let asked = max(ring.start, end - min(end, Int64(ring.sampleRate)))..<end
        let (energy, result) = ring.energy(in: asked)
        let missing = ring.missing(in: result.range)
        return SoundWindow(
            range: result.range, level: AudioLevel.decibels(energy: energy, count: (result.range.count - Int(missing)) * ring.channels),
            missing: missing, lost: result.lost, ahead: overflow ? .max : max(0, ahead),
            newestAge: max(0, now.nanoseconds(since: reading.time(ofSample: written))))
    }

    /// Copies a window's samples, one channel after the other, into memory that holds `channels · range.count` of them; says what of them has
    /// been overwritten since.
    package func copy(_ window: SoundWindow, into destination: inout MutableSpan<Float>) -> SampleRing.ReadResult {
        ring.read(window.range, into: &destination)
    }
}
