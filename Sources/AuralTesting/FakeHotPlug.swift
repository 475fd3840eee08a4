import AuralCapture
import Glibc
import Synchronization

/// News of devices that a test makes up.
package final class FakeHotPlug: HotPlugSource {
    private final class Watch: HotPlugWatch {
        let onStop: @Sendable () -> Void

        init(_ onStop: @escaping @Sendable () -> Void) { self.onStop = onStop }

        func stop() { onStop() }
    }

    private struct State {
        var watchers: [@Sendable (HotPlugChange) -> Void] = []
        var isBroken = false
    }

    private let state = Mutex(State())

    /// Nothing happens yet.
    package init() {}

    /// From now on there is no watcher to be had.
    package func exhaust() { state.withLock { $0.isBroken = true } }

    /// Watches that are kept.
    package var watches: Int { state.withLock(\.watchers.count) }

    /// Tells everybody of a change.
    package func tell(_ kind: HotPlugChange.Kind, isRelease: Bool = false) {
        for watcher in state.withLock(\.watchers) { watcher(HotPlugChange(kind, isRelease: isRelease)) }
    }

    package func watch(_ onChange: @escaping @Sendable (HotPlugChange) -> Void) throws(DeviceError) -> any HotPlugWatch {
        let isBroken = state.withLock { state in
            if !state.isBroken { state.watchers.append(onChange) }
            return state.isBroken
        }
        if isBroken { throw DeviceError(.failed(errno: EMFILE), device: "/dev", "inotify_init1: too many") }
        return Watch { [weak self] in self?.state.withLock { $0.watchers = [] } }
    }
}
