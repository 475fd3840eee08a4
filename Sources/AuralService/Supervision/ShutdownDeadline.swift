import AuralCapture
import Foundation
import Glibc
import Logging
import ServiceLifecycle

/// Ends the process where an orderly end takes too long: a large network on a slow processor computes for seconds on one frame, and nobody
/// who says SIGTERM wants to wait for a mask. The daemon keeps nothing that could be lost.
///
/// The last service of its group, so that it hears first that the daemon ends.
struct ShutdownDeadline: Service {
    /// How long everybody has, in nanoseconds; two tenths less than the second that is promised, since a busy machine adds its own.
    static let nanoseconds: UInt64 = 800_000_000

    let logger: Logger
    /// Gives back what would stay behind in the file system.
    let cleanUp: @Sendable () -> Void

    func run() async throws {
        try? await gracefulShutdown()
        Self.start(logger, cleanUp)
    }

    /// In a function that belongs to no actor: the closure runs on a thread of its own.
    private static func start(_ logger: Logger, _ cleanUp: @escaping @Sendable () -> Void) {
        let thread = Thread {
            ThreadName.set("deadline")
            var rest = timespec(tv_sec: 0, tv_nsec: Int(nanoseconds))
            while true {
                var request = rest
                guard clock_nanosleep(CLOCK_MONOTONIC, 0, &request, &rest) == EINTR else { break }
            }
            logger.notice("ending in the middle of a frame")
            cleanUp()
            _exit(0)
        }
        thread.start()
    }
}
