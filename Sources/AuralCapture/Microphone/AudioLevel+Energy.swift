import Glibc

extension AudioLevel {
    /// The level of sound by the sum of its samples' squares; `floor` where there are none or all are (nearly) zero.
    package static func decibels(energy: Double, count: Int) -> Double {
        guard count > 0, energy.isFinite, energy > 0 else { return floor }
        return max(floor, 10 * log10(energy / Double(count)))
    }
}
