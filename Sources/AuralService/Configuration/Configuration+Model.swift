extension Configuration {
    /// Which networks run, and how.
    package struct Model: Sendable, Equatable {
        /// What computes the networks.
        package enum Engine: String, Sendable, CaseIterable {
            /// OpenVINO.
            case openvino
            /// Nothing: only the pace is kept.
            case rehearsal
        }

        /// What the engine computes with.
        package enum Precision: String, Sendable, CaseIterable {
            /// Single precision everywhere.
            case f32
            /// bfloat16 where it does little harm.
            case bf16
        }

        /// What computes the networks.
        package var engine = Engine.openvino
        /// Milliseconds that a frame takes with `Engine.rehearsal`.
        package var rehearsalMilliseconds = 30
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
        /// Whether older memories are read at a quarter of their resolution.
        package var poolsMemories = false
        /// Whether objects that are small enough are carried forward in a part of the picture around them.
        package var usesWindows = false
    }
}
