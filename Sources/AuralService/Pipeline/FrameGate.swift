import AuralCore
import AuralHearing

/// The silence gate, asked once or more for each frame: only the last answer for a frame counts for the next one.
struct FrameGate {
    /// As it was after the frame before.
    private var before: SilenceGate
    private var latest: SilenceGate
    private var time: MonoTime?

    /// A closed gate.
    init(_ hearing: Configuration.Hearing) {
        before = SilenceGate(hearing.gate)
        latest = before
    }

    /// Levels and hold from now on.
    mutating func set(_ hearing: Configuration.Hearing) {
        before.settings = hearing.gate
        latest.settings = hearing.gate
    }

    /// Whether anything is heard at a frame's time, by the level then, in dBFS.
    mutating func hear(_ level: Double, at time: MonoTime) -> Bool {
        if time != self.time { before = latest }
        self.time = time
        latest = before
        return latest.hear(level, at: time)
    }

    /// There is no sound at a frame's time: silence, unless the frame has been judged already.
    mutating func hearNothing(at time: MonoTime) {
        if time != self.time { _ = hear(-.infinity, at: time) }
    }
}
