import AuralCore
import Glibc

/// What a `PollThread` waits for, and who is told. Both methods are called on that thread.
package protocol PollLoop: AnyObject, Sendable {
    /// Appends what poll(2) shall wait for, and returns when to wake up at the latest; nil for no limit.
    func prepare(_ descriptors: inout [pollfd]) -> MonoTime?

    /// Descriptors are ready, or the time has come. `descriptors` are those of `prepare`, in its order, with their `revents`.
    func advance(_ descriptors: ArraySlice<pollfd>, at now: MonoTime)
}
