import Glibc

/// An open PCM. Used on one thread. Each call is one call of alsa-lib, or one step of setting it up; see the PCM interface in its
/// documentation for what they do.
package protocol ALSAPCM: AnyObject {
    /// Sets what the device can of what is wanted; leaves it prepared.
    func configure(_ wanted: PCMRequest) throws(ALSAFailure) -> PCMConfiguration
    /// snd_pcm_prepare.
    func prepare() throws(ALSAFailure)
    /// snd_pcm_start.
    func start() throws(ALSAFailure)
    /// snd_pcm_resume. Fails with EAGAIN while the system is still waking up, with ENOSYS where the driver cannot.
    func resume() throws(ALSAFailure)
    /// snd_pcm_state.
    var state: PCMState { get }
    /// How many samples of each channel wait to be read, and when the last of them was taken. Sources: snd_pcm_avail, snd_pcm_htimestamp.
    func position() throws(ALSAFailure) -> PCMPosition
    /// Reads at most `frames` samples of each channel, interleaved, in the configured format; returns how many. Source: snd_pcm_readi.
    func read(_ destination: UnsafeMutableRawBufferPointer, frames: Int) throws(ALSAFailure) -> Int
    /// Appends what poll(2) shall wait for, several descriptors with some plugins. Source: snd_pcm_poll_descriptors.
    func descriptors(_ descriptors: inout [pollfd])
    /// What has really come, by what those descriptors say: a plugin's mean what they like. Source: snd_pcm_poll_descriptors_revents.
    func events(_ descriptors: ArraySlice<pollfd>) throws(ALSAFailure) -> Int16
    /// snd_pcm_close. Nothing may be called after it.
    func close()
}
