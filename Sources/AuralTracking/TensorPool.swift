import AuralGraph
import AuralInference

/// Tensors of one shape, handed out and taken back: spatial memories come and go with every frame, their storage does not.
struct TensorPool {
    private let shape: [Int]
    private var free: [Tensor] = []
    /// Tensors ever made: stays the same once a stream is warm.
    private(set) var made = 0

    /// An empty pool for float32 tensors of a shape.
    init(shape: [Int]) {
        self.shape = shape
    }

    /// A tensor with any contents.
    mutating func take() -> Tensor {
        if let tensor = free.popLast() { return tensor }
        made += 1
        return Tensor(.float32, shape)
    }

    /// Takes tensors back.
    mutating func giveBack(_ tensors: [Tensor]) {
        free += tensors
    }
}
