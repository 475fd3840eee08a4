/// The border to alsa-lib: opens PCMs. Real: `ALSALibrary`; in tests `FakeALSACard`.
package protocol ALSASystem: Sendable {
    /// Opens a PCM for capture, without blocking. Source: snd_pcm_open.
    func open(_ name: String) throws(ALSAFailure) -> any ALSAPCM
}
