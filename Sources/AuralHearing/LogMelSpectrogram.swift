import Glibc

/// Columns of a log-mel spectrogram of 16 kHz sound as VGGish takes it, computed in float64. Allocates nothing after the initialiser.
///
/// A column is 400 samples (25 ms) under a periodic Hann window, padded with zeros to 512, the magnitude of their Fourier transform through
/// `MelFilterBank`, and ln(x + 0.01). Columns begin every 160 samples (10 ms); nothing is centred or padded. Source: the VGGish front end of
/// S. Hershey et al., CNN Architectures for Large-Scale Audio Classification, ICASSP 2017.
package final class LogMelSpectrogram {
    /// Samples a second.
    package static let sampleRate = 16_000
    /// Samples of a column.
    package static let window = 400
    /// Samples from column to column.
    package static let hop = 160
    /// Numbers of a column.
    package static let bands = MelFilterBank.bands
    /// What keeps the logarithm of silence finite.
    private static let offset = 0.01
    /// What a column of digital silence is made of: ln(0.01).
    package static let silence = Float(log(offset))

    /// The column that was computed last: 64 numbers from low to high.
    package private(set) var column = [Float](repeating: silence, count: bands)

    private let fft = RealFFT()
    private let bank = MelFilterBank()
    private let magnitudes = NumberTable(count: RealFFT.binCount)
    private let hann = NumberTable((0..<window).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(window)) })

    /// Makes the tables.
    package init() {}

    /// How many columns so many samples have.
    package static func columnCount(samples: Int) -> Int {
        samples < window ? 0 : 1 + (samples - window) / hop
    }

    /// Computes `column` of the first 400 of these samples; fewer leave it as it is.
    package func compute(_ samples: Span<Float>) {
        guard samples.count >= Self.window else { return }
        fft.transform(samples, window: hann)
        fft.magnitudes(of: bank.bins, into: magnitudes)
        column.withUnsafeMutableBufferPointer { column in
            for band in column.indices { column[band] = Float(log(bank.heard(band, magnitudes) + Self.offset)) }
        }
    }
}
