import CALSA
import Glibc

/// Asks alsa-lib about the kernel's own devices (`hw:`).
package struct ALSAProbe: SoundProbe {
    private static let formats: [snd_pcm_format_t] = [
        SND_PCM_FORMAT_U8, SND_PCM_FORMAT_S16_LE, SND_PCM_FORMAT_S24_3LE, SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_FLOAT_LE,
    ]
    private static let usualRates: [UInt32] = [8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000]

    /// The real one.
    package init() {}

    package func name(ofCard card: Int) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard snd_card_get_name(Int32(clamping: card), &text) == 0, let text else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    package func open(pcm: String) throws(DeviceError) {
        snd_pcm_close(try Self.open(pcm))
    }

    package func survey(card: Int, device: Int) throws(DeviceError) -> SoundSurvey {
        let name = "hw:\(card),\(device)"
        let handle = try Self.open(name)
        defer { snd_pcm_close(handle) }
        var parameters: OpaquePointer?
        guard snd_pcm_hw_params_malloc(&parameters) == 0, let parameters else { throw Self.failure(-ENOMEM, name) }
        defer { snd_pcm_hw_params_free(parameters) }
        let any = snd_pcm_hw_params_any(handle, parameters)
        guard any >= 0 else { throw Self.failure(any, name) }
        return Self.survey(handle, parameters)
    }

    private static func open(_ name: String) throws(DeviceError) -> OpaquePointer {
        var handle: OpaquePointer?
        let status = snd_pcm_open(&handle, name, SND_PCM_STREAM_CAPTURE, Int32(SND_PCM_NONBLOCK))
        guard status == 0, let handle else { throw failure(status, name) }
        return handle
    }

    private static func survey(_ handle: OpaquePointer, _ parameters: OpaquePointer) -> SoundSurvey {
        var direction: Int32 = 0
        var (lowest, highest, fewest, most): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
        snd_pcm_hw_params_get_rate_min(parameters, &lowest, &direction)
        snd_pcm_hw_params_get_rate_max(parameters, &highest, &direction)
        snd_pcm_hw_params_get_channels_min(parameters, &fewest)
        snd_pcm_hw_params_get_channels_max(parameters, &most)
        return SoundSurvey(
            formats: formats.filter { snd_pcm_hw_params_test_format(handle, parameters, $0) == 0 }.map { String(cString: snd_pcm_format_name($0)) },
            rates: Int(min(lowest, highest))...Int(highest),
            usualRates: usualRates.filter { snd_pcm_hw_params_test_rate(handle, parameters, $0, 0) == 0 }.map(Int.init),
            channels: Int(min(fewest, most))...Int(most))
    }

    private static func failure(_ status: Int32, _ name: String) -> DeviceError {
        switch -status {
        case ENOENT, ENODEV, ENXIO: DeviceError(.absent, device: name, "there is no such device now")
        case EACCES, EPERM: DeviceError(.denied, device: name, "permission denied")
        case EBUSY, EAGAIN: DeviceError(.busy, device: name, "is in use")
        case let number: DeviceError(.failed(errno: number), device: name, "cannot be opened: \(String(cString: snd_strerror(status)))")
        }
    }
}
