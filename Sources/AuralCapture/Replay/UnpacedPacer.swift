import AuralCore

/// Does not wait at all: a file as fast as it is taken.
package struct UnpacedPacer: Pacer {
    /// Makes a pacer for one replay.
    package init() {}

    package func now() -> MonoTime { SystemTimeSource().now() }

    package func wait(until time: MonoTime) {}

    package func interrupt() {}
}
