/// A system call that is going to fail.
struct FakeV4L2Fault {
    var request: UInt
    var number: Int32
    /// So many calls succeed before.
    var after: Int
    /// So many calls fail then.
    var times: Int
}

extension FakeV4L2Kernel.State {
    /// The errno with which this call of a request fails; nil where it succeeds.
    mutating func fault(_ request: UInt) -> Int32? {
        guard let index = faults.firstIndex(where: { $0.request == request }) else { return nil }
        if faults[index].after > 0 {
            faults[index].after -= 1
            return nil
        }
        faults[index].times -= 1
        return faults[index].times == 0 ? faults.remove(at: index).number : faults[index].number
    }
}
