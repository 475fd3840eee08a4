/// A value on the stack of the pickle reader. Containers are numbers of slots in the reader's `PickleHeap`, so one that nests
/// them a million deep, or into themselves, costs no recursion when it is read or let go.
enum PickleValue: Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case text(String)
    /// A value that no tensor needs: a float, bytes, an integer beyond 64 bits.
    case other
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(Int)
    case tensor(Int)
}

/// What the containers, storages and tensors of a pickle hold.
struct PickleHeap: Sendable {
    /// The items of tuples and lists.
    var sequences: [[PickleValue]] = []
    /// The items of dictionaries in the order of writing; those whose key is no text are left out.
    var dictionaries: [[(key: String, value: PickleValue)]] = []
    var storages: [TorchStorage] = []
    var tensors: [TorchTensor] = []
}

/// A storage of a PyTorch checkpoint: an entry of the archive.
struct TorchStorage: Sendable {
    /// Nil for an untyped one, of which no tensor is made.
    let element: ElementType?
    /// The number of elements.
    let count: Int
    let entry: ZipArchive.Entry
}

/// A tensor of a PyTorch checkpoint: a view of a storage.
struct TorchTensor: Sendable {
    let element: ElementType
    let entry: ZipArchive.Entry
    let layout: TensorLayout
}
