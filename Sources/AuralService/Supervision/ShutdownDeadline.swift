import AuralCapture
import Foundation
import Glibc
import Logging
import ServiceLifecycle

/// Ends the process where an orderly end takes too long: a large network on a slow processor computes for seconds on one frame, and nobody
/// who says SIGTERM wants to wait for a mask. The daemon keeps nothing that could be lost.
///
/// The last service of its group, so that it hears first that the daemon ends. A group that is cancelled, because one of its services failed, is
/// none of its business: that end has a status of its own, and a process that hangs then is the watchdog's.
struct ShutdownDeadline: Service {
    /// How long everybody has, in nanoseconds; two tenths less than the second that is promised, since a busy machine adds its own.
    static let nanoseconds = 800_000_000

    let logger: Logger
    /// Has something done after so many nanoseconds, whatever becomes of the tasks.
    var later: @Sendable (_ nanoseconds: Int, _ body: @escaping @Sendable () -> Void) -> Void = Self.onThread
    /// Ends the process at once, with success.
    var end: @Sendable () -> Void = { _exit(0) }
    /// Gives back what would stay behind in the file system.
    let cleanUp: @Sendable () -> Void

    func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            return
        }
        later(Self.nanoseconds) {
            logger.notice("ending in the middle of a frame")
            cleanUp()
            end()
        }
    }

    /// In a function that belongs to no actor: the closure runs on a thread of its own.
    private static func onThread(_ nanoseconds: Int, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            ThreadName.set("deadline")
            var rest = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
            while true {
                var request = rest
                guard clock_nanosleep(CLOCK_MONOTONIC, 0, &request, &rest) == EINTR else { break }
            }
            body()
        }
        thread.start()
    }
}
