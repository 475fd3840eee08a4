import CALSA
import Glibc

extension ALSALibraryPCM {
    func configure(_ wanted: PCMRequest) throws(ALSAFailure) -> PCMConfiguration {
        let configuration = try configureHardware(wanted)
        try configureSoftware(period: configuration.period)
        return configuration
    }

    private func configureHardware(_ wanted: PCMRequest) throws(ALSAFailure) -> PCMConfiguration {
        var memory: OpaquePointer?
        try check("snd_pcm_hw_params_malloc", snd_pcm_hw_params_malloc(&memory))
        guard let params = memory else { throw ALSAFailure("snd_pcm_hw_params_malloc", ENOMEM) }
        defer { snd_pcm_hw_params_free(params) }
        try check("snd_pcm_hw_params_any", snd_pcm_hw_params_any(handle, params))
        // A card is read at a rate of its own. Plugins that stand for a whole sound server may convert: theirs is nobody's own.
        let isHardware = snd_pcm_type(handle) == SND_PCM_TYPE_HW
        try check("snd_pcm_hw_params_set_rate_resample", snd_pcm_hw_params_set_rate_resample(handle, params, isHardware ? 0 : 1))
        try check(
            "snd_pcm_hw_params_set_access", snd_pcm_hw_params_set_access(handle, params, SND_PCM_ACCESS_RW_INTERLEAVED))
        let formats = wanted.format.map { [$0] } ?? SampleFormat.allCases
        guard let format = formats.first(where: { snd_pcm_hw_params_set_format(handle, params, $0.constant) >= 0 }) else {
            throw ALSAFailure("snd_pcm_hw_params_set_format", EINVAL)
        }
        let channels = try setChannels(wanted.channels, params)
        var rate = CUnsignedInt(clamping: wanted.sampleRate)
        try check("snd_pcm_hw_params_set_rate_near", snd_pcm_hw_params_set_rate_near(handle, params, &rate, nil))
        var period = CUnsignedInt(clamping: wanted.periodMicroseconds)
        try check("snd_pcm_hw_params_set_period_time_near", snd_pcm_hw_params_set_period_time_near(handle, params, &period, nil))
        var buffer = CUnsignedInt(clamping: wanted.bufferMicroseconds)
        try check("snd_pcm_hw_params_set_buffer_time_near", snd_pcm_hw_params_set_buffer_time_near(handle, params, &buffer, nil))
        try check("snd_pcm_hw_params", snd_pcm_hw_params(handle, params))

        var periodSize: snd_pcm_uframes_t = 0
        var bufferSize: snd_pcm_uframes_t = 0
        try check("snd_pcm_hw_params_get_period_size", snd_pcm_hw_params_get_period_size(params, &periodSize, nil))
        try check("snd_pcm_hw_params_get_buffer_size", snd_pcm_hw_params_get_buffer_size(params, &bufferSize))
        return PCMConfiguration(
            sampleRate: Int(rate), channels: channels, format: format, period: Int(clamping: periodSize), buffer: Int(clamping: bufferSize))
    }

    /// Sets the nearest number of channels to the wanted one; for 0 wanted, what there is, at most 2 where the device leaves a choice.
    private func setChannels(_ wanted: Int, _ params: OpaquePointer) throws(ALSAFailure) -> Int {
        var channels = CUnsignedInt(clamping: wanted)
        if wanted <= 0 {
            var most: CUnsignedInt = 0
            try check("snd_pcm_hw_params_get_channels_max", snd_pcm_hw_params_get_channels_max(params, &most))
            channels = max(1, min(2, most))
        }
        try check("snd_pcm_hw_params_set_channels_near", snd_pcm_hw_params_set_channels_near(handle, params, &channels))
        guard (1...8).contains(channels) else { throw ALSAFailure("snd_pcm_hw_params_set_channels_near", EINVAL) }
        return Int(channels)
    }

    private func configureSoftware(period: Int) throws(ALSAFailure) {
        var memory: OpaquePointer?
        try check("snd_pcm_sw_params_malloc", snd_pcm_sw_params_malloc(&memory))
        guard let params = memory else { throw ALSAFailure("snd_pcm_sw_params_malloc", ENOMEM) }
        defer { snd_pcm_sw_params_free(params) }
        try check("snd_pcm_sw_params_current", snd_pcm_sw_params_current(handle, params))
        try check(
            "snd_pcm_sw_params_set_tstamp_mode", snd_pcm_sw_params_set_tstamp_mode(handle, params, SND_PCM_TSTAMP_ENABLE))
        // A driver that has no choice of clocks refuses; what its stamps are worth is seen when they come.
        _ = snd_pcm_sw_params_set_tstamp_type(handle, params, SND_PCM_TSTAMP_TYPE_MONOTONIC)
        try check(
            "snd_pcm_sw_params_set_avail_min", snd_pcm_sw_params_set_avail_min(handle, params, snd_pcm_uframes_t(max(1, period))))
        // Reading never starts it: `start` does.
        var boundary: snd_pcm_uframes_t = 0
        try check("snd_pcm_sw_params_get_boundary", snd_pcm_sw_params_get_boundary(params, &boundary))
        try check("snd_pcm_sw_params_set_start_threshold", snd_pcm_sw_params_set_start_threshold(handle, params, boundary))
        try check("snd_pcm_sw_params", snd_pcm_sw_params(handle, params))
    }
}

extension SampleFormat {
    /// alsa-lib's name for it.
    var constant: snd_pcm_format_t {
        switch self {
        case .s16: SND_PCM_FORMAT_S16_LE
        case .s32: SND_PCM_FORMAT_S32_LE
        case .float: SND_PCM_FORMAT_FLOAT_LE
        case .packed24: SND_PCM_FORMAT_S24_3LE
        case .padded24: SND_PCM_FORMAT_S24_LE
        }
    }
}
