import AuralCore

/// Decides what a frame's time is: the driver's stamp where it can be believed, else when the frame came.
///
/// A stamp is believed when the driver says that it is one of the monotonic clock, and it is:
/// - not older than 1 s: a frame comes within a frame's time of its stamp, and a reader that is late by all four buffers at 5 frames a second
///   still is within 0.8 s; drivers that stamp with another clock are off by much more;
/// - not later than 100 ms after its arrival: the UVC driver computes stamps by a line through the device's clock, which overshoots a little,
///   and vivid stamps a frame with its end, but delivers it at its beginning;
/// - later than the frame before.
///
/// After a stamp that cannot be believed, the next 30 are not either: times that change their kind from frame to frame are worse than times of
/// the lesser kind.
struct FrameTimestamps: Sendable {
    private static let oldest: Int64 = 1_000_000_000
    private static let youngest: Int64 = -100_000_000
    private static let distrustedFrames = 30

    private var distrust = 0
    private var latest: MonoTime?

    /// The time of a frame with this stamp (nil for none) that came at `arrival`. Times never go back.
    mutating func time(stamp: MonoTime?, arrival: MonoTime) -> (time: MonoTime, source: TimestampSource) {
        if let stamp {
            let age = arrival.nanoseconds(since: stamp)
            let isPlausible = age <= Self.oldest && age >= Self.youngest && latest.map { stamp > $0 } ?? true
            if !isPlausible {
                distrust = Self.distrustedFrames
            } else if distrust > 0 {
                distrust -= 1
            } else {
                latest = stamp
                return (stamp, .device)
            }
        }
        let time = latest.map { max($0, arrival) } ?? arrival
        latest = time
        return (time, .arrival)
    }
}
