import Foundation

/// The clients in a process of their own: `aurald bench --crowd SOCKET`.
final class CrowdProcess {
    private let process = Process()
    private let output: FileHandle

    /// Starts it. Throws where the program cannot be started.
    init(program: String, path: String, size: ClientBenchmark.Crowd.Size) throws {
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "bench", "--crowd", path, "--clients", "\(size.total)", "--stalled", "\(size.stalled)", "--garbage", "\(size.garbage)",
        ]
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Waits until all clients are connected.
    func awaitReady() throws {
        // One byte, so that nothing of the report is taken.
        guard try output.read(upToCount: 1) != nil else { throw BenchmarkError("the clients' process ended before it was ready") }
    }

    /// Waits for the clients' report.
    func finish() throws -> ClientBenchmark.Crowd.Outcome {
        let data = try output.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("the clients' process ended with \(process.terminationStatus)")
        }
        return try JSONDecoder().decode(ClientBenchmark.Crowd.Outcome.self, from: data)
    }
}
