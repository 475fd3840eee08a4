import AuralGraph
import AuralInference

/// What AuralFuser says to the mask decoder about one frame: a dense and a sparse prompt on each of three levels.
struct AudioPrompts {
    /// [1, HW, d], by level.
    var dense: [Tensor]
    /// [1, d], by level.
    var sparse: [Tensor]

    /// The decoder's inputs.
    var inputs: [(name: String, tensor: Tensor)] {
        dense.enumerated().map { ("audio_dense_\($0.offset)", $0.element) } + sparse.enumerated().map { ("audio_sparse_\($0.offset)", $0.element) }
    }
}
