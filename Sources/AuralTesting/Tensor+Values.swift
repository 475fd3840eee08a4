import AuralInference

extension Tensor {
    /// A copy of the elements. Unlike `floats` it is safe where it is the last use of the tensor, whose memory may go right after it.
    package var values: [Float] { withExtendedLifetime(self) { Array(floats) } }
}
