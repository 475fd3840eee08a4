import CSoxr

/// Two channels of sound at any rate to 16 kHz, as a stream: what comes out does not depend on how the stream is cut into blocks. Output sample
/// i was taken when input sample i·rate / 16,000 was.
///
/// libsoxr does the filtering (linear phase, 20 bits). Its filter may be less steep than usual, which makes it shorter: what lies between 7.5
/// and 8.5 kHz folds to between 7.5 and 8 kHz, where no mel band listens. The output lags behind the input by the filter and the block of
/// libsoxr's Fourier transform: 20 ms above 16 kHz, 50 ms at 8 kHz, 100 ms at 4 kHz. Sound that is at 16 kHz passes unchanged and at once.
///
/// Samples that are not finite become silence, others are limited to ±256, 48 dB above full scale: the filter would spread them to others.
package final class Resampler {
    /// Samples a second that come out.
    package static let outputRate = 16_000
    /// Samples a second that may go in.
    package static let rates = 4_000...384_000
    /// The largest block that `sink` gets.
    package static let block = 2048
    private static let limit: Float = 256

    /// Samples a second that go in.
    package let sourceRate: Int

    // SAFETY: all of this is allocated here, used only within a call, and freed in deinit; the class is not Sendable.
    private let handle: soxr_t?
    private let input: UnsafeMutablePointer<Float>
    private let output: UnsafeMutablePointer<Float>
    private let inputChannels: UnsafeMutablePointer<UnsafeRawPointer?>
    private let outputChannels: UnsafeMutablePointer<UnsafeMutableRawPointer?>

    /// Makes a resampler. Throws `unsupportedRate` for one out of `rates`, and what libsoxr reports.
    package init(sourceRate: Int) throws(HearingError) {
        guard Self.rates.contains(sourceRate) else {
            throw HearingError(
                .unsupportedRate,
                "sound of \(sourceRate) samples a second cannot be resampled (\(Self.rates.lowerBound)…\(Self.rates.upperBound) can); "
                    + "convert it (ffmpeg -i in.wav -ar 16000 out.wav)")
        }
        handle = sourceRate == Self.outputRate ? nil : try Self.create(sourceRate)
        self.sourceRate = sourceRate
        input = .allocate(capacity: 2 * Self.block)
        input.initialize(repeating: 0, count: 2 * Self.block)
        output = .allocate(capacity: 2 * Self.block)
        output.initialize(repeating: 0, count: 2 * Self.block)
        inputChannels = .allocate(capacity: 2)
        inputChannels.initialize(repeating: nil, count: 2)
        outputChannels = .allocate(capacity: 2)
        outputChannels.initialize(to: UnsafeMutableRawPointer(output))
        (outputChannels + 1).initialize(to: UnsafeMutableRawPointer(output + Self.block))
    }

    deinit {
        soxr_delete(handle)
        input.deallocate()
        output.deallocate()
        inputChannels.deallocate()
        outputChannels.deallocate()
    }

    /// Which of a source's channels are left and right: the first two, which are front left and front right in all layouts of more; a single
    /// one is both.
    package static func pair(of channelCount: Int) -> (left: Int, right: Int) { (0, channelCount > 1 ? 1 : 0) }

    /// Takes the next samples of both channels, as many as both have, and hands on what comes out, in blocks of both channels.
    package func process(_ left: Span<Float>, _ right: Span<Float>, sink: (Span<Float>, Span<Float>) -> Void) throws(HearingError) {
        let total = min(left.count, right.count)
        var done = 0
        while done < total {
            let count = min(Self.block, total - done)
            for index in 0..<count {
                input[index] = Self.bounded(left[done + index])
                input[Self.block + index] = Self.bounded(right[done + index])
            }
            if handle == nil {
                hand(on: input, count, sink)
            } else {
                try filter(count, sink)
            }
            done += count
        }
    }

    /// Hands on what is still in the filter, at the end of a stream; nothing may be processed afterwards.
    package func finish(sink: (Span<Float>, Span<Float>) -> Void) throws(HearingError) {
        guard let handle else { return }
        while true {
            var made = 0
            try Self.check(soxr_process(handle, nil, 0, nil, UnsafeMutableRawPointer(outputChannels), Self.block, &made))
            guard made > 0 else { return }
            hand(on: output, made, sink)
        }
    }

    private func filter(_ count: Int, _ sink: (Span<Float>, Span<Float>) -> Void) throws(HearingError) {
        var done = 0
        while true {
            inputChannels[0] = UnsafeRawPointer(input + done)
            inputChannels[1] = UnsafeRawPointer(input + Self.block + done)
            var (taken, made) = (0, 0)
            try Self.check(
                soxr_process(
                    handle, UnsafeRawPointer(inputChannels), count - done, &taken, UnsafeMutableRawPointer(outputChannels), Self.block, &made))
            if made > 0 { hand(on: output, made, sink) }
            done += taken
            // libsoxr takes no more than the output has room for, so some input may be left.
            guard done < count, taken + made > 0 else { return }
        }
    }

    private func hand(on samples: UnsafeMutablePointer<Float>, _ count: Int, _ sink: (Span<Float>, Span<Float>) -> Void) {
        let count = min(count, Self.block)
        sink(
            UnsafeBufferPointer(start: samples, count: count).span, UnsafeBufferPointer(start: samples + Self.block, count: count).span)
    }

    private static func bounded(_ sample: Float) -> Float {
        sample.isFinite ? min(max(sample, -limit), limit) : 0
    }

    private static func create(_ sourceRate: Int) throws(HearingError) -> soxr_t? {
        var format = soxr_io_spec(SOXR_FLOAT32_S, SOXR_FLOAT32_S)
        var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), UInt(SOXR_ROLLOFF_SMALL))
        if sourceRate > outputRate {
            quality.passband_end = 7500.0 / 8000
            quality.stopband_begin = 8500.0 / 8000
        }
        var runtime = soxr_runtime_spec(1)
        // The smallest Fourier transforms that libsoxr allows: with its default of 2^17 the output comes in larger lumps.
        runtime.log2_min_dft_size = 8
        runtime.log2_large_dft_size = 8
        var error: soxr_error_t?
        let handle = soxr_create(Double(sourceRate), Double(outputRate), 2, &error, &format, &quality, &runtime)
        try check(error)
        return handle
    }

    private static func check(_ error: soxr_error_t?) throws(HearingError) {
        guard let error else { return }
        throw HearingError(.resampler, "libsoxr: \(String(cString: error))")
    }
}
