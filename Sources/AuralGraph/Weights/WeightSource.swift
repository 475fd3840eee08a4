/// Where a network takes its tensors from: an open checkpoint.
///
/// Opening reads names, shapes and types only; the values of a tensor are read from the memory-mapped file when they are asked
/// for.
package protocol WeightSource: Sendable {
    /// The names of all tensors, sorted.
    var names: [String] { get }

    /// The shape of the named tensor, outermost dimension first; empty for a scalar, nil where there is no such tensor.
    func shape(of name: String) -> [Int]?

    /// The type of the named tensor's elements in the file, nil where there is no such tensor.
    func elementType(of name: String) -> ElementType?

    /// The values of the named tensor, converted to Float, in row-major order.
    ///
    /// Throws where there is no such tensor, where its shape is not `shape`, or where the file's own checksum of the values does
    /// not hold.
    func floats(_ name: String, shape: [Int]) throws(CheckpointError) -> [Float]

    /// What to call this source in messages: the file's name without its folder.
    var label: String { get }

    /// Free text that the file's writer left, by key; empty where the format has no place for it.
    var metadata: [String: String] { get }
}

extension WeightSource {
    package var metadata: [String: String] { [:] }
}
