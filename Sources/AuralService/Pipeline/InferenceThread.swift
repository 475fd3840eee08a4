import AuralCapture
import Dispatch
import Foundation
import Synchronization

/// A thread of its own for the networks, as an actor's executor: a matrix product of a tenth of a second must not sit on the two threads that
/// everything else shares.
///
/// The thread lives as long as the executor; an actor that uses it must hold it.
package final class InferenceThread: SerialExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isEnding = false
    }

    /// What the thread needs, which must not be the executor itself: then neither would ever go.
    private final class Shared: Sendable {
        let queue = Mutex(Queue())
        let arrivals = DispatchSemaphore(value: 0)
    }

    private let shared = Shared()

    /// Starts the thread under a name that `ps -L` shows.
    package init(name: String = "inference") {
        // The closure is formed in a nonisolated initialiser: formed on an actor it would insist on that actor's thread.
        let shared = shared
        // SAFETY: jobs are run only while the executor lives, as an actor that enqueues them holds it; `deinit` ends the loop.
        let reference = Unmanaged.passUnretained(self)
        let thread = Thread {
            ThreadName.set(name)
            while true {
                shared.arrivals.wait()
                let (job, isEnding) = shared.queue.withLock { queue in
                    (queue.jobs.isEmpty ? nil : queue.jobs.removeFirst(), queue.isEnding)
                }
                if let job {
                    job.runSynchronously(on: UnownedSerialExecutor(ordinary: reference.takeUnretainedValue()))
                } else if isEnding {
                    return
                }
            }
        }
        // Swift's frames for large generic values and the engine's own need more than the half megabyte that is usual.
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit {
        shared.queue.withLock { $0.isEnding = true }
        shared.arrivals.signal()
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        shared.queue.withLock { $0.jobs.append(unowned) }
        shared.arrivals.signal()
    }

    package func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}
