import AuralCore

/// What others see of a microphone: its newest sound and when it was heard. Valid for as long as it is held; when the microphone comes back with
/// another rate or number of channels, there is a new one, whose sample index goes on from the old one's.
package struct SoundStream: Sendable {
    /// Counts the streams of a microphone, from 0.
    package let generation: Int
    /// Samples and gaps; says channels and rate.
    package let ring: SampleRing
    /// Sample index to time.
    package let clock: SampleClockPublisher

    /// A stream that nobody has written to yet.
    package init(generation: Int, ring: SampleRing, clock: SampleClockPublisher = SampleClockPublisher()) {
        self.generation = generation
        self.ring = ring
        self.clock = clock
    }
}
