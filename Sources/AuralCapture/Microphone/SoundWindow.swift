/// The second of sound that belongs to a frame: the one that ends when the frame was taken, as far as it has been heard.
package struct SoundWindow: Sendable, Equatable {
    /// Its samples in the ring; shorter than a second after the beginning, empty where nothing is left of it.
    package var range: Range<Int64>
    /// How loud it is, in dBFS over all channels; gaps do not count. `AudioLevel.floor` where nothing was heard.
    package var level: Double
    /// Samples of it that lie in gaps.
    package var missing: Int64
    /// Samples of it that had been overwritten: the frame was asked for too late.
    package var lost: Int64
    /// The sound of the frame's time has not been read yet: the window ends at the newest sample there is, that many samples earlier.
    package var ahead: Int64
    /// How long ago the newest sample was taken, in nanoseconds; not below 0.
    package var newestAge: Int64
}
