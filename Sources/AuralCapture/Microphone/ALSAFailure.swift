import Glibc

/// A call of alsa-lib that failed.
package struct ALSAFailure: Error, Equatable {
    /// The function, as its documentation has it.
    package var call: String
    /// The errno, positive.
    package var errno: Int32

    /// Takes alsa-lib's negative result.
    package init(_ call: String, _ errno: Int32) {
        self.call = call
        self.errno = errno == .min ? EINVAL : abs(errno)
    }
}
