/// How the elements of a tensor lie in its storage: PyTorch's shape, strides and storage offset, all in elements.
struct TensorLayout: Sendable, Equatable {
    /// Why a layout is refused, as the end of a sentence about the tensor.
    struct Problem: Error, Equatable {
        let reason: String
    }

    /// The number of dimensions beyond which a tensor is refused (PyTorch's own kernels stop at 64).
    static let maximumRank = 64

    /// The number of elements that a tensor may have beyond those of its storage, where a stride of 0 repeats them.
    static let maximumExpansion = 1 << 24

    let shape: [Int]
    let strides: [Int]
    let offset: Int

    /// The number of elements.
    let count: Int

    /// Takes a layout that lies within a storage of `storageCount` elements.
    init(shape: [Int], strides: [Int], offset: Int, storageCount: Int) throws(Problem) {
        guard shape.count <= Self.maximumRank, shape.count == strides.count else {
            throw Problem(reason: "has \(shape.count) dimensions and \(strides.count) strides")
        }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
            throw Problem(reason: "has a negative size, stride or offset")
        }
        var count = 1
        var furthest = offset
        for (size, stride) in zip(shape, strides) where !shape.contains(0) {
            let (product, productOverflow) = count.multipliedReportingOverflow(by: size)
            let (reach, reachOverflow) = (size - 1).multipliedReportingOverflow(by: stride)
            let (sum, sumOverflow) = furthest.addingReportingOverflow(reach)
            guard !productOverflow, !reachOverflow, !sumOverflow else {
                throw Problem(reason: "has a size that no memory holds, shape \(CheckpointError.brief(shape))")
            }
            count = product
            furthest = sum
        }
        if shape.contains(0) {
            count = 0
        } else {
            guard furthest < storageCount else {
                throw Problem(reason: "reaches to element \(furthest) of a storage of \(storageCount)")
            }
            guard count <= max(storageCount, Self.maximumExpansion) else {
                throw Problem(reason: "expands a storage of \(storageCount) elements to \(CheckpointError.brief(shape))")
            }
        }
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.count = count
    }

    /// Whether the elements lie one after the other in row-major order.
    var isContiguous: Bool {
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() where size != 1 {
            guard stride == expected else { return false }
            expected *= size
        }
        return true
    }

    /// The elements in row-major order, converted to Float.
    /// - Precondition: `storage` has at least the elements that the layout was checked against.
    func floats(_ type: ElementType, storage: UnsafeRawBufferPointer) -> [Float] {
        guard count > 0 else { return [] }
        return [Float](unsafeUninitializedCapacity: count) { target, initialized in
            // SAFETY: `target` has room for `count` floats; the rows below are disjoint and cover exactly those, and the layout's
            // furthest element was checked to lie in the storage.
            guard let base = target.baseAddress else { return }
            initialized = count
            guard let rowCount = shape.last, let step = strides.last, !isContiguous else {
                type.convert(storage, start: offset, step: 1, count: count, into: base)
                return
            }
            var position = [Int](repeating: 0, count: shape.count - 1)
            var start = offset
            for row in 0..<(count / rowCount) {
                type.convert(storage, start: start, step: step, count: rowCount, into: base + row * rowCount)
                // An odometer over the outer dimensions.
                for axis in position.indices.reversed() {
                    position[axis] += 1
                    start += strides[axis]
                    if position[axis] < shape[axis] { break }
                    start -= strides[axis] * shape[axis]
                    position[axis] = 0
                }
            }
        }
    }
}
