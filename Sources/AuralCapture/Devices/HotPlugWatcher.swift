import AuralCore
import CLinux
import Foundation
import Glibc

/// Tells when cameras or microphones come, go, get other permissions or are let go by a program.
///
/// By inotify(7) on /dev and its folders, not by udev's netlink: that needs udev and is closed to a service with a network of its own
/// (`PrivateNetwork=yes`). Folders that are made later are watched from then on. Events are told as they come; `SourceMachine` lets them
/// settle.
package final class HotPlugWatcher: Sendable {
    /// The descriptors, closed when both the thread and the watcher have let them go.
    private final class Descriptors: Sendable {
        let events: Int32
        let wakeup: Int32

        init(events: Int32, wakeup: Int32) {
            self.events = events
            self.wakeup = wakeup
        }

        deinit {
            _ = Glibc.close(events)
            _ = Glibc.close(wakeup)
        }
    }

    private let descriptors: Descriptors

    /// Starts to watch, on a thread of its own.
    ///
    /// - Parameters:
    ///   - root: the folder that holds the devices; tests have their own.
    ///   - onChange: called on that thread; must not wait for anything.
    ///
    /// Throws `failed` where the kernel gives no inotify descriptor: a user may have only 128 of them. Without a watcher devices are still
    /// found, at the next try.
    package init(root: String = "/dev", onChange: @escaping @Sendable (HotPlugChange) -> Void) throws(DeviceError) {
        let events = inotify_init1(Int32(O_CLOEXEC | O_NONBLOCK))
        guard events >= 0 else { throw Self.failure("inotify_init1", root) }
        let wakeup = eventfd(0, Int32(O_CLOEXEC | O_NONBLOCK))
        guard wakeup >= 0 else {
            let failure = Self.failure("eventfd", root)
            _ = Glibc.close(events)
            throw failure
        }
        descriptors = Descriptors(events: events, wakeup: wakeup)
        // Before the thread runs, so that nothing that happens after `init` is missed.
        let watches = HotPlugWatches(descriptor: events, root: root)
        Self.start(descriptors, watches, onChange)
    }

    deinit { stop() }

    /// Ends the thread; after a call that is in progress nothing more is told. Calling it again does nothing.
    package func stop() {
        var one: UInt64 = 1
        _ = Glibc.write(descriptors.wakeup, &one, 8)
    }

    private static func start(_ descriptors: Descriptors, _ watches: HotPlugWatches, _ onChange: @escaping @Sendable (HotPlugChange) -> Void) {
        let thread = Thread {
            ThreadName.set("hot-plug")
            run(descriptors, watches, onChange)
        }
        thread.stackSize = 1 << 19
        thread.start()
    }

    private static func run(_ descriptors: Descriptors, _ watches: HotPlugWatches, _ onChange: (HotPlugChange) -> Void) {
        var watches = watches
        var bytes = [UInt8](repeating: 0, count: 16_384)
        while true {
            var waits = [descriptors.events, descriptors.wakeup].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, nfds_t(waits.count), -1) >= 0 else { continue }
            if waits[1].revents != 0 { return }
            let count = Glibc.read(descriptors.events, &bytes, bytes.count)
            guard count > 0 else { continue }
            for change in watches.changes(bytes.span.extracting(first: count)) { onChange(change) }
        }
    }

    private static func failure(_ call: String, _ root: String) -> DeviceError {
        let number = errno
        return DeviceError(
            .failed(errno: number), device: root,
            "\(call): \(String(cString: strerror(number))); devices that are plugged in are found at the next try only")
    }
}
