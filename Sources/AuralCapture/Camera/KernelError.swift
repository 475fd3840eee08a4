/// A system call that failed, by its errno.
package struct KernelError: Error, Equatable, Sendable {
    /// The errno.
    package let number: Int32

    /// Wraps an errno.
    package init(_ number: Int32) {
        self.number = number
    }
}
