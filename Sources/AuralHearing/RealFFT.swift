import Glibc

/// The discrete Fourier transform of 512 real numbers, in float64, without allocating.
///
/// The numbers are taken in pairs as 256 complex ones, which are transformed in four passes of radix 4 that sort as they go (Stockham's
/// form: T. G. Stockham, High-speed convolution and correlation, 1966); the spectrum of the real numbers is then separated from its mirror image.
final class RealFFT {
    /// Real numbers that go in.
    static let size = 512
    /// Bins that come out: 0 is DC, 256 the Nyquist frequency.
    static let binCount = size / 2 + 1

    private static let half = size / 2

    private let real = NumberTable(count: half)
    private let imaginary = NumberTable(count: half)
    private let otherReal = NumberTable(count: half)
    private let otherImaginary = NumberTable(count: half)
    /// exp(−2πi·k / 256), k in 0..<256.
    private let cosines: NumberTable
    private let sines: NumberTable
    /// exp(−2πi·k / 512), k in 0...256.
    private let turnCosines: NumberTable
    private let turnSines: NumberTable

    init() {
        let step = 2 * Double.pi / Double(Self.size)
        cosines = NumberTable((0..<Self.half).map { cos(2 * step * Double($0)) })
        sines = NumberTable((0..<Self.half).map { -sin(2 * step * Double($0)) })
        turnCosines = NumberTable((0..<Self.binCount).map { cos(step * Double($0)) })
        turnSines = NumberTable((0..<Self.binCount).map { -sin(step * Double($0)) })
    }

    /// Transforms the first 512 of `samples`, each multiplied with its place of `window`; what is missing in either is 0. Then `magnitudes` may
    /// be asked.
    func transform(_ samples: Span<Float>, window: NumberTable) {
        let count = min(samples.count, window.count, Self.size)
        let (real, imaginary, weights) = (real.base, imaginary.base, window.base)
        // SAFETY: `place` stays below half of `size`, and below half of `count` where samples and weights are read.
        for place in 0..<(count / 2) {
            real[place] = Double(samples[2 * place]) * weights[2 * place]
            imaginary[place] = Double(samples[2 * place + 1]) * weights[2 * place + 1]
        }
        for place in (count / 2)..<Self.half {
            real[place] = 2 * place < count ? Double(samples[2 * place]) * weights[2 * place] : 0
            imaginary[place] = 0
        }
        let (otherReal, otherImaginary) = (otherReal.base, otherImaginary.base)
        pass(count: 256, stride: 1, real, imaginary, otherReal, otherImaginary)
        pass(count: 64, stride: 4, otherReal, otherImaginary, real, imaginary)
        pass(count: 16, stride: 16, real, imaginary, otherReal, otherImaginary)
        pass(count: 4, stride: 64, otherReal, otherImaginary, real, imaginary)
    }

    /// How large the spectrum is at the bins of a range, of 0...256, into the same places of `magnitudes`.
    func magnitudes(of bins: Range<Int>, into magnitudes: NumberTable) {
        let (real, imaginary, cosines, sines) = (real.base, imaginary.base, turnCosines.base, turnSines.base)
        // SAFETY: bins are clamped to the tables; the mask keeps the others below `half`.
        for bin in bins.clamped(to: 0..<min(Self.binCount, magnitudes.count)) {
            let (low, high) = (bin & (Self.half - 1), (Self.half - bin) & (Self.half - 1))
            let (evenReal, evenImaginary) = (0.5 * (real[low] + real[high]), 0.5 * (imaginary[low] - imaginary[high]))
            let (oddReal, oddImaginary) = (0.5 * (imaginary[low] + imaginary[high]), 0.5 * (real[high] - real[low]))
            let (c, s) = (cosines[bin], sines[bin])
            let (x, y) = (evenReal + oddReal * c - oddImaginary * s, evenImaginary + oddReal * s + oddImaginary * c)
            magnitudes.base[bin] = (x * x + y * y).squareRoot()
        }
    }

    /// One pass over `count`·`stride` = 256 complex numbers: butterflies of four, `stride` of them with the same factors.
    private func pass(
        count: Int, stride: Int, _ fromReal: UnsafeMutablePointer<Double>, _ fromImaginary: UnsafeMutablePointer<Double>,
        _ toReal: UnsafeMutablePointer<Double>, _ toImaginary: UnsafeMutablePointer<Double>
    ) {
        let quarter = count / 4
        let (cosines, sines) = (cosines.base, sines.base)
        // SAFETY: `from` stays below 64 and `to` + 3·`stride` below 256, the tables' size; 3·`turn` below 192.
        for place in 0..<quarter {
            let turn = place * stride
            let (c1, s1) = (cosines[turn], sines[turn])
            let (c2, s2) = (cosines[2 * turn], sines[2 * turn])
            let (c3, s3) = (cosines[3 * turn], sines[3 * turn])
            for offset in 0..<stride {
                let from = offset + stride * place
                let to = offset + stride * 4 * place
                let (ar, ai) = (fromReal[from], fromImaginary[from])
                let (br, bi) = (fromReal[from + 64], fromImaginary[from + 64])
                let (cr, ci) = (fromReal[from + 128], fromImaginary[from + 128])
                let (dr, di) = (fromReal[from + 192], fromImaginary[from + 192])
                let (sumR, sumI) = (ar + cr, ai + ci)
                let (differenceR, differenceI) = (ar - cr, ai - ci)
                let (otherSumR, otherSumI) = (br + dr, bi + di)
                // i·(b − d)
                let (crossR, crossI) = (di - bi, br - dr)
                toReal[to] = sumR + otherSumR
                toImaginary[to] = sumI + otherSumI
                let (r1, i1) = (differenceR - crossR, differenceI - crossI)
                toReal[to + stride] = r1 * c1 - i1 * s1
                toImaginary[to + stride] = r1 * s1 + i1 * c1
                let (r2, i2) = (sumR - otherSumR, sumI - otherSumI)
                toReal[to + 2 * stride] = r2 * c2 - i2 * s2
                toImaginary[to + 2 * stride] = r2 * s2 + i2 * c2
                let (r3, i3) = (differenceR + crossR, differenceI + crossI)
                toReal[to + 3 * stride] = r3 * c3 - i3 * s3
                toImaginary[to + 3 * stride] = r3 * s3 + i3 * c3
            }
        }
    }
}
