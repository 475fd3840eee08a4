import AuralGraph
import AuralInference

extension Tensor {
    /// Makes room for float32; what was there is lost. Returns whether there was too little.
    @discardableResult
    static func grow(_ tensor: inout Tensor, to shape: [Int]) -> Bool {
        guard shape.reduce(1, *) > tensor.count else { return false }
        tensor = Tensor(.float32, shape)
        return true
    }

    /// Writes values from an element on.
    func write(_ values: some Collection<Float>, at offset: Int) {
        _ = UnsafeMutableBufferPointer(rebasing: floats[offset..<(offset + values.count)]).update(fromContentsOf: values)
    }
}
