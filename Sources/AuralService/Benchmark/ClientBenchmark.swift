import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Logging

/// How quickly records reach many clients, some of them bad: a real server and socket, frames at a camera's pace, and the clients in a
/// process of their own.
///
/// In their own process, since a process that reads what it sends measures both: the clients would share the server's allocator and its
/// processor time. CLOCK_MONOTONIC is the same in all processes, so that the record's own time stamp tells how long it was under way.
package struct ClientBenchmark: Sendable {
    /// What is measured.
    package struct Options: Sendable, Equatable {
        /// The clients.
        package var crowd: Crowd.Size
        /// How long, in seconds.
        package var seconds: Double
        /// Frames a second.
        package var rate: Double

        /// All of it.
        package init(crowd: Crowd.Size, seconds: Double, rate: Double) {
            self.crowd = crowd
            self.seconds = seconds
            self.rate = rate
        }

        /// Frames that are published.
        var frames: Int { max(Int((seconds * rate).rounded()), 1) }
    }

    private let options: Options
    private let program: String

    /// Plans a run. `program` is the aurald whose `bench --crowd` plays the clients; by default the one that runs.
    package init(_ options: Options, program: String? = nil) {
        self.options = options
        self.program = program ?? (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "aurald"
    }

    /// Runs it. Throws what stops the server, and `BenchmarkError` where the clients failed or could not be started.
    package func run() async throws -> Report {
        do {
            return try await measure()
        } catch let error as any ReportableError {
            throw error
        } catch {
            throw BenchmarkError("the benchmark of clients failed: \(error)")
        }
    }

    private func measure() async throws -> Report {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aurald-bench-\(getpid())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/s"
        let hub = Hub()
        let server = SocketServer(
            settings: .init(path: path, maximumClients: options.crowd.total),
            identity: ServerIdentity(version: "bench", source: "bench"), hub: hub, handler: Refusal(),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        try await server.start()
        do {
            let report = try await withCheckedThrowingContinuation { answer in measure(hub, path, answer) }
            await server.shutDown()
            return report
        } catch {
            await server.shutDown()
            throw error
        }
    }

    /// On a thread of its own, which waits for the clients and for each frame's time.
    private func measure(_ hub: Hub, _ path: String, _ answer: CheckedContinuation<Report, any Error>) {
        let thread = Thread {
            do {
                let clients = try CrowdProcess(program: program, path: path, size: options.crowd)
                try clients.awaitReady()
                let before = ProcessStatistics.now().processorSeconds
                let publisher = try Publisher(hub: hub, rate: options.rate)
                let published = publisher.run(frames: options.frames)
                let processor = ProcessStatistics.now().processorSeconds - before
                let outcome = try clients.finish()
                answer.resume(returning: Report(options, published, outcome, processorSeconds: processor, received: hub.framesPublished))
            } catch {
                answer.resume(throwing: error)
            }
        }
        thread.name = "bench"
        thread.start()
    }

    /// Nobody asks anything in the benchmark: what comes is garbage.
    private struct Refusal: RequestHandler {
        func handle(_ request: Request, from client: ClientID) async -> Reply {
            .failed(ErrorRecord(.notPermitted, "this is a benchmark"))
        }
    }
}
