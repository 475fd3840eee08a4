import AuralCore
import AuralGraph

/// Weights that nobody trained: every value is a function of its tensor's name and its place, so that any program in any language can make the
/// same network without a checkpoint. For tests, for timing, and for a demo that says that its masks mean nothing.
///
/// The generator is splitmix64, seeded with the FNV-1a hash of the name; scales keep activations in a sane range so that errors show.
package final class SyntheticWeights: WeightSource {
    package let label: String
    private let salt: String
    /// Added to `sam_mask_decoder.pred_obj_score_head.layers.2.bias`, to make objects absent in tests.
    private let objectScoreShift: Float

    /// Makes a source; a `salt` before each name gives another set.
    package init(salt: String = "", objectScoreShift: Float = 0) {
        self.salt = salt
        self.objectScoreShift = objectScoreShift
        label = "synthetic weights"
    }

    /// Empty: the source makes whatever it is asked for.
    package var names: [String] { [] }
    package func shape(of name: String) -> [Int]? { nil }
    package func elementType(of name: String) -> ElementType? { .float32 }

    package func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float] {
        let rule = Rule(name: name, shape: shape)
        let count = shape.reduce(1, *)
        var values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            var stream = SplitMix64(seedName: salt + name)
            for index in 0..<count { buffer[index] = rule.value(stream.unit()) }
            initialized = count
        }
        if name == "sam_mask_decoder.pred_obj_score_head.layers.2.bias" {
            for index in values.indices { values[index] += objectScoreShift }
        }
        return values
    }
}
