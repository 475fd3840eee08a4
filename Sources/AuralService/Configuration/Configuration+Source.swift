extension Configuration {
    /// Where pictures and sound come from.
    package struct Source: Sendable, Equatable {
        /// The kinds of sources.
        package enum Kind: String, Sendable, CaseIterable {
            /// The camera and the microphone.
            case live
            /// A clip instead of devices.
            case replay
        }

        /// How fast a clip is played.
        package enum Rate: Sendable, Equatable {
            /// At the clip's own rate.
            case clip
            /// At this many frames per second, 0.01…1000.
            case framesPerSecond(Double)
        }

        /// The kind.
        package var kind = Kind.live
        /// The clip; this and the rest is for `Kind.replay` only.
        package var path = "/var/lib/aurald/replay"
        /// The clip's sound; nil for none.
        package var audio: String?
        /// Whether the clip starts again at its end.
        package var loop = false
        /// How fast the clip is played.
        package var rate = Rate.clip
    }
}
