import AuralCore

/// How a replay waits for the time of its next frame, so that tests can turn the hands themselves.
package protocol Pacer: TimeSource {
    /// Blocks the calling thread until `time`, or until `interrupt` is called.
    func wait(until time: MonoTime)
    /// Ends a wait that is going on, and makes all later ones return at once.
    func interrupt()
}
