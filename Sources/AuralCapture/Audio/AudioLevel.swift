/// How loud sound is: the root mean square over all channels, in decibels relative to full scale. A square wave at full scale has
/// 0 dBFS, a sine −3.01.
package enum AudioLevel {
    /// What silence is called: a number, because records and metrics cannot carry minus infinity.
    package static let floor: Double = -120

    /// The samples of the segment of one second that ends at `seconds`, clamped to what exists: less than a second near the
    /// beginning, the last second for times after the end, nothing before the beginning.
    package static func segment(endingAt seconds: Double, sampleRate: Int, sampleCount: Int) -> Range<Int> {
        guard sampleRate > 0, sampleCount > 0, !seconds.isNaN else { return 0..<0 }
        let position = (seconds * Double(sampleRate)).rounded()
        let end = position >= Double(sampleCount) ? sampleCount : Int(max(0, position))
        return max(0, end - sampleRate)..<end
    }
}
