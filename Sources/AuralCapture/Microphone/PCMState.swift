/// The states of a PCM, as far as a reader must tell them apart. Source: snd_pcm_state_t.
package enum PCMState: Sendable, Equatable {
    /// It captures.
    case running
    /// It has stopped because nobody read.
    case overrun
    /// The system went to sleep.
    case suspended
    /// The device has been unplugged.
    case disconnected
    /// Set up, but not capturing.
    case stopped
}
