import Synchronization

/// Passes hot-plug events on to an actor that may be busy with opening a device, which can take seconds: in order, and never more than one that
/// waits. Several become one; where any of them is more than a release, so is that one.
final class HotPlugRelay: Sendable {
    private struct State {
        /// What waits: whether it is but a release.
        var waiting: Bool?
        var isTelling = false
    }

    private let state = Mutex(State())
    private let tell: @Sendable (_ isRelease: Bool) async -> Void

    /// A relay to whom `tell` reaches.
    init(_ tell: @escaping @Sendable (_ isRelease: Bool) async -> Void) { self.tell = tell }

    /// An event; returns at once.
    func note(isRelease: Bool) {
        let begins = state.withLock { state in
            state.waiting = (state.waiting ?? true) && isRelease
            defer { state.isTelling = true }
            return !state.isTelling
        }
        guard begins else { return }
        Task { while let isRelease = next() { await tell(isRelease) } }
    }

    private func next() -> Bool? {
        state.withLock { state in
            let next = state.waiting.take()
            state.isTelling = next != nil
            return next
        }
    }
}
