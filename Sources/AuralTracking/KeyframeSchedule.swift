import AuralCore

/// Which frames are audio keyframes: the first with sound, and then one in every interval.
package struct KeyframeSchedule: Sendable, Equatable {
    private let nanoseconds: Int64
    private var last: MonoTime?

    /// A schedule with a keyframe every `nanoseconds`; 0 makes every frame one.
    package init(everyNanoseconds nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Whether a frame of this time is one. Time that goes back (a clip that begins again) starts anew.
    package mutating func isKeyframe(at time: MonoTime) -> Bool {
        if let last {
            let passed = time.nanoseconds(since: last)
            if passed >= 0, passed < nanoseconds { return false }
            // Keeps the beat where frames come a little late, and does not try to catch up where they come much later.
            self.last = passed >= 0 && passed < 2 * nanoseconds ? last.advanced(byNanoseconds: nanoseconds) : time
        } else {
            last = time
        }
        return true
    }

    /// The sound is over: the next frame with sound is a keyframe.
    package mutating func reset() { last = nil }
}
