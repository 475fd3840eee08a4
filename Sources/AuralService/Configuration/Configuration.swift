import AuralCore

/// Everything that a person can set. The keys, their texts and ranges are in `ConfigurationKey.all`, the defaults are the ones
/// here.
package struct Configuration: Sendable, Equatable {
    /// Where pictures and sound come from.
    package struct Source: Sendable, Equatable {
        /// The kinds of sources.
        package enum Kind: String, Sendable, CaseIterable {
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
        package var kind = Kind.replay
        /// The clip.
        package var path = "/var/lib/aurald/replay"
        /// The clip's sound; nil for none.
        package var audio: String?
        /// Whether the clip starts again at its end.
        package var loop = false
        /// How fast the clip is played.
        package var rate = Rate.clip
    }

    /// Which networks run, and how.
    package struct Model: Sendable, Equatable {
        /// What the engine computes with.
        package enum Precision: String, Sendable, CaseIterable {
            /// Single precision everywhere.
            case f32
            /// bfloat16 where it does little harm.
            case bf16
        }

        /// The model bundle that `aurald import` made.
        package var path = "/var/lib/aurald/model"
        /// What the engine computes with.
        package var precision = Precision.f32
        /// Threads of the engine; 0 leaves the choice to it.
        package var threads = 0
        /// Where compiled graphs are kept between starts; nil compiles at every start.
        package var cache: String?
        /// The most conditioning memories an object keeps.
        package var maximumConditioning = 4
    }

    /// The daemon's socket.
    package struct Socket: Sendable, Equatable {
        /// At which size masks are sent.
        package enum MaskSize: String, Sendable, CaseIterable {
            /// At the frame's size.
            case frame
            /// At the size that the network makes.
            case native
        }

        /// The socket's path.
        package var path = "/run/aurald.sock"
        /// The most clients at a time.
        package var maximumClients = 64
        /// The most bytes that wait for one client.
        package var clientBytes = 262_144
        /// At which size masks are sent.
        package var maskSize = MaskSize.frame
    }

    /// A prompt that takes effect on the first frame: one `[[prompt]]` table.
    package struct InitialPrompt: Sendable, Equatable {
        /// The object.
        package var objectID: ObjectID
        /// Clicks; may be empty where there is a box.
        package var points: [PointPrompt]
        /// A box around the object.
        package var box: BoxPrompt?

        /// A prompt with all its fields.
        package init(objectID: ObjectID, points: [PointPrompt], box: BoxPrompt? = nil) {
            self.objectID = objectID
            self.points = points
            self.box = box
        }
    }

    /// `[source]`
    package var source = Source()
    /// `[model]`
    package var model = Model()
    /// `[socket]`
    package var socket = Socket()
    /// `[[prompt]]`, in the order of the file.
    package var prompts: [InitialPrompt] = []

    /// The defaults.
    package init() {}
}
