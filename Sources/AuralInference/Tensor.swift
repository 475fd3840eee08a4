import AuralGraph

/// A dense row-major tensor in memory that stays where it is, so that engines read and write it in place.
///
/// A view shares its owner's memory. Whoever runs stages owns the tensors; engines keep none of them after a run.
package final class Tensor: @unchecked Sendable {
    // SAFETY: @unchecked because of the raw memory, which lives as long as the object (`owner` keeps a view's alive). Tensors are used by one
    // inference thread at a time; handing one to another task hands over the right to use it.

    /// Element type.
    package let type: ValueType
    /// Size of each axis.
    package let shape: [Int]
    /// The first element, 64-byte aligned unless the tensor is a view.
    package let memory: UnsafeMutableRawPointer
    private let owner: Tensor?

    /// The number of elements.
    package var count: Int { shape.reduce(1, *) }

    /// Allocates a tensor of zeros.
    package init(_ type: ValueType = .float32, _ shape: [Int]) {
        self.type = type
        self.shape = shape
        let bytes = max(shape.reduce(1, *) * type.byteCount, 1)
        memory = .allocate(byteCount: bytes, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        owner = nil
    }

    /// Allocates a float32 tensor and copies `values` into it.
    package convenience init(_ shape: [Int], _ values: [Float]) {
        precondition(values.count == shape.reduce(1, *), "\(values.count) values for shape \(shape)")
        self.init(.float32, shape)
        values.withUnsafeBytes { memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: $0.count) }
    }

    private init(view owner: Tensor, offset: Int, shape: [Int]) {
        type = owner.type
        self.shape = shape
        memory = owner.memory + offset * owner.type.byteCount
        self.owner = owner
    }

    deinit {
        if owner == nil { memory.deallocate() }
    }

    /// A part of the elements, from `offset` on, under another shape; it must lie within this tensor.
    package func view(_ shape: [Int], offset: Int = 0) -> Tensor {
        precondition(offset >= 0 && offset + shape.reduce(1, *) <= count, "a view of \(shape) at \(offset) leaves \(self.shape)")
        return Tensor(view: self, offset: offset, shape: shape)
    }

    /// The elements as float32. The buffer is valid while the tensor is.
    package var floats: UnsafeMutableBufferPointer<Float> {
        precondition(type == .float32)
        return UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: Float.self), count: count)
    }

    /// The elements as bytes. The buffer is valid while the tensor is.
    package var bytes: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: count * type.byteCount)
    }

    /// The elements as int64. The buffer is valid while the tensor is.
    package var integers: UnsafeMutableBufferPointer<Int64> {
        precondition(type == .int64)
        return UnsafeMutableBufferPointer(start: memory.assumingMemoryBound(to: Int64.self), count: count)
    }

    /// Copies all elements of `other`, which must have as many of the same type.
    package func copy(from other: Tensor) {
        precondition(other.type == type && other.count == count, "copy of \(other.shape) into \(shape)")
        memory.copyMemory(from: other.memory, byteCount: count * type.byteCount)
    }
}
