/// How much of everything a pickle may ask for. A SAM 2 checkpoint with its optimizer has about 200,000 opcodes in 1 MB.
enum PickleLimits {
    /// Bytes of the pickle.
    static let byteCount = 64 << 20
    /// Opcodes that are carried out.
    static let opcodes = 4_000_000
    /// Values on the stack. The pickler writes the items of containers in batches of 1000, tuples at once.
    static let stack = 1 << 18
    /// Open marks on the stack.
    static let marks = 1 << 16
    /// Values in the memo.
    static let memo = 1 << 21
}
