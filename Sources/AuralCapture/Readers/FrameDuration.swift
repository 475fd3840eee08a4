/// From the rates that files state to the time between frames.
enum FrameDuration {
    /// `scale / rate` seconds in nanoseconds, rounded; nil unless that is within 1 µs … 1 hour.
    static func nanoseconds(rate: Int64, scale: Int64) -> Int64? {
        guard rate > 0, scale > 0 else { return nil }
        let seconds = Double(scale) / Double(rate)
        guard (1e-6...3600).contains(seconds) else { return nil }
        return Int64((seconds * 1e9).rounded())
    }
}
