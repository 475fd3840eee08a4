/// A fixed number of float64 numbers. Inner loops read and write them without the checks that arrays make at each access, which would take
/// most of their time.
final class NumberTable {
    // SAFETY: allocated here and freed in deinit; it is handed only to code of this module that keeps the table and stays within `count`.
    let base: UnsafeMutablePointer<Double>
    /// How many there are.
    let count: Int

    init(_ values: [Double]) {
        count = values.count
        base = .allocate(capacity: max(1, values.count))
        for (index, value) in values.enumerated() { (base + index).initialize(to: value) }
    }

    /// All zeros.
    convenience init(count: Int) { self.init([Double](repeating: 0, count: max(0, count))) }

    deinit { base.deallocate() }
}
