import CALSA
import Glibc

/// alsa-lib itself.
package final class ALSALibrary: ALSASystem {
    // SAFETY: set once in the initialiser and only read by alsa-lib after it, which copies what it expands.
    private nonisolated(unsafe) let definitions: OpaquePointer?

    /// alsa-lib with the system's configuration.
    package init() {
        calsa_silence()
        definitions = nil
    }

    /// alsa-lib that knows only the PCMs of `definitions`, in the syntax of asound.conf, instead of those that the system's files define.
    package init(definitions text: String) throws(ALSAFailure) {
        calsa_silence()
        var tree: OpaquePointer?
        let result = text.withCString { snd_config_load_string(&tree, $0, strlen($0)) }
        guard result >= 0 else { throw ALSAFailure("snd_config_load_string", result) }
        definitions = tree
    }

    deinit {
        if let definitions { snd_config_delete(definitions) }
    }

    package func open(_ name: String) throws(ALSAFailure) -> any ALSAPCM {
        var handle: OpaquePointer?
        let result =
            if let definitions {
                snd_pcm_open_lconf(&handle, name, SND_PCM_STREAM_CAPTURE, CInt(SND_PCM_NONBLOCK), definitions)
            } else {
                snd_pcm_open(&handle, name, SND_PCM_STREAM_CAPTURE, CInt(SND_PCM_NONBLOCK))
            }
        guard result >= 0, let handle else { throw ALSAFailure("snd_pcm_open", result) }
        return ALSALibraryPCM(handle)
    }
}
