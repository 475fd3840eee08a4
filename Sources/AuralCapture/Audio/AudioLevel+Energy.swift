import Glibc

extension AudioLevel {
    /// The sum of the samples' squares. Of plain memory: as a generic of any collection it is not specialised for other modules, and then it
    /// allocates for every sample.
    package static func energy(of samples: UnsafeBufferPointer<Float>) -> Double {
        var energy = 0.0
        for sample in samples { energy += Double(sample) * Double(sample) }
        return energy
    }

    /// The level of sound by the sum of its samples' squares; `floor` where there are none or all are (nearly) zero.
    package static func decibels(energy: Double, count: Int) -> Double {
        guard count > 0, energy.isFinite, energy > 0 else { return floor }
        return max(floor, 10 * log10(energy / Double(count)))
    }
}
