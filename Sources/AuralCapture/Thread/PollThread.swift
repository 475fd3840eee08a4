import AuralCore
import CLinux
import Foundation
import Glibc
import Synchronization

/// A thread of its own for one capture device, as an actor's executor: sleeps in poll(2) until the device is ready, a deadline has come or
/// the actor has been given work.
///
/// An actor that uses it holds it, calls `attach` once, and gets its device's events on this very thread, where `assumeIsolated` may be used:
/// no task and no hop for a frame. The thread ends when the last reference to the executor goes.
package final class PollThread: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var loop: (any PollLoop)?
        var isEnding = false
    }

    /// What the thread needs, which must not be the executor itself: then neither would ever go.
    private final class Shared: Sendable {
        let queue = Mutex(Queue())
        let wakeup: Int32
        /// The pthread_t of the thread, 0 before it runs.
        let identity = Atomic<UInt>(0)

        init() { wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }

        deinit { if wakeup >= 0 { _ = Glibc.close(wakeup) } }

        func signal() {
            var one: UInt64 = 1
            _ = Glibc.write(wakeup, &one, 8)
        }
    }

    private let shared = Shared()

    /// Starts the thread under a name that `ps -L` shows.
    package init(name: String) {
        // The closure is formed in a nonisolated initialiser: formed on an actor it would insist on that actor's thread.
        let shared = shared
        // SAFETY: jobs are run only while the executor lives, as an actor that enqueues them holds it; `deinit` ends the loop.
        let reference = Unmanaged.passUnretained(self)
        let thread = Thread {
            // Foundation's own `name` stays within Foundation.
            ThreadName.set(name)
            shared.identity.store(UInt(pthread_self()), ordering: .releasing)
            Self.run(shared) { $0.runSynchronously(on: UnownedSerialExecutor(ordinary: reference.takeUnretainedValue())) }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    deinit {
        shared.queue.withLock { $0.isEnding = true }
        shared.signal()
    }

    /// From now on the thread asks `loop` what to wait for, and tells it what has come. The thread keeps it until `detach`.
    package func attach(_ loop: any PollLoop) {
        shared.queue.withLock { $0.loop = loop }
        shared.signal()
    }

    /// The thread waits for work only.
    package func detach() {
        shared.queue.withLock { $0.loop = nil }
        shared.signal()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        shared.queue.withLock { $0.jobs.append(unowned) }
        shared.signal()
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    package func checkIsolated() {
        precondition(isCurrent, "called outside of the capture thread")
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private var isCurrent: Bool { shared.identity.load(ordering: .acquiring) == UInt(pthread_self()) }

    private static func run(_ shared: Shared, _ runJob: (UnownedJob) -> Void) {
        let clock = SystemTimeSource()
        var descriptors: [pollfd] = []
        while true {
            let (jobs, loop, isEnding) = shared.queue.withLock { queue in
                let jobs = queue.jobs
                queue.jobs.removeAll(keepingCapacity: true)
                return (jobs, queue.loop, queue.isEnding)
            }
            for job in jobs { runJob(job) }
            if isEnding, jobs.isEmpty { return }
            if !jobs.isEmpty { continue }

            descriptors.removeAll(keepingCapacity: true)
            descriptors.append(pollfd(fd: shared.wakeup, events: Int16(POLLIN), revents: 0))
            let deadline = loop?.prepare(&descriptors)
            var patience = timeout(until: deadline, clock.now())
            // Without a descriptor of its own (there were none left) nothing wakes it for work, so it looks itself.
            if shared.wakeup < 0, patience < 0 || patience > 50 { patience = 50 }
            let ready = poll(&descriptors, nfds_t(descriptors.count), patience)
            if descriptors[0].revents != 0 {
                var count: UInt64 = 0
                _ = Glibc.read(shared.wakeup, &count, 8)
            }
            // EINTR and work that came in between are nothing to the loop; it is asked again.
            guard let loop, ready >= 0 else { continue }
            let now = clock.now()
            let isDue = deadline.map { now >= $0 } ?? false
            let isReady = descriptors.dropFirst().contains { $0.revents != 0 }
            if isDue || isReady { loop.advance(descriptors[1...], at: now) }
        }
    }

    /// Rounded up: waking a moment early would only spin.
    private static func timeout(until deadline: MonoTime?, _ now: MonoTime) -> Int32 {
        guard let deadline else { return -1 }
        let left = deadline.nanoseconds(since: now)
        guard left > 0 else { return 0 }
        return Int32(clamping: left / 1_000_000 + 1)
    }
}
