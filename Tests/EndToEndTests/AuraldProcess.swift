import Foundation
import Glibc
import Testing

/// The real program, started as a user starts it.
final class AuraldProcess: @unchecked Sendable {
    // SAFETY: `process` is set up before anybody else sees it; afterwards only its thread-safe parts are used.
    private let process = Process()
    private let exit: Task<Void, Never>

    /// What it writes, line by line.
    let output: LineReader
    /// What it tells about itself, line by line.
    let errors: LineReader

    /// How a run ended.
    struct Outcome: Sendable, Equatable {
        var status: Int32
        var output: String
        var errors: String

        /// The lines of `output`.
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Where a stream of the program goes.
    enum Stream {
        case pipe
        case terminal
    }

    /// The program that was built beside the tests.
    static let binary: String = {
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "aurald").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return Fixtures.root.appending(path: ".build/release/aurald").path
    }()

    /// Starts it.
    init(
        _ arguments: [String], program: String = binary, input: FileHandle = .nullDevice, output outputStream: Stream = .pipe,
        errors errorStream: Stream = .pipe
    ) throws {
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = input
        let (outputEnd, outputFile) = try Self.open(outputStream)
        let (errorEnd, errorFile) = try Self.open(errorStream)
        process.standardOutput = outputFile
        process.standardError = errorFile
        let ends = AsyncStream<Void>.makeStream()
        process.terminationHandler = { _ in ends.continuation.finish() }
        exit = Task { for await _ in ends.stream {} }
        let process = process
        try process.run()
        // Ours too would keep the reading ends from their end.
        try outputFile.close()
        try errorFile.close()
        let identifier = process.processIdentifier
        output = LineReader(outputEnd) { kill(identifier, SIGKILL) }
        errors = LineReader(errorEnd) { kill(identifier, SIGKILL) }
    }

    /// Runs it to its end.
    static func run(_ arguments: [String]) async throws -> Outcome {
        try await AuraldProcess(arguments).finish()
    }

    /// Runs a line of shell, for what only a shell can do; `aurald` in it is the program.
    static func shell(_ line: String) async throws -> Outcome {
        try await AuraldProcess(["-c", "aurald() { '\(binary)' \"$@\"; }; \(line)"], program: "/bin/sh").finish()
    }

    /// Awaits its end.
    func finish() async -> Outcome {
        let outcome = (await output.text(), await errors.text())
        await exit.value
        return Outcome(status: status, output: outcome.0, errors: outcome.1)
    }

    /// Its process number.
    var identifier: Int32 { process.processIdentifier }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The exit status, or the negative number of the signal that ended it.
    private var status: Int32 {
        process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    }

    /// The end that we read, and the one for the program.
    private static func open(_ stream: Stream) throws -> (Int32, FileHandle) {
        switch stream {
        case .pipe:
            var ends: [Int32] = [0, 0]
            let result = pipe(&ends)
            try #require(result == 0)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return (ends[0], FileHandle(fileDescriptor: ends[1], closeOnDealloc: true))
        case .terminal:
            // Glibc's module has no posix_openpt(3); this is what it does (ioctl_tty(2)): TIOCSPTLCK and TIOCGPTN.
            let master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            var (unlocked, number): (Int32, Int32) = (0, 0)
            let result = (ioctl(master, 0x4004_5431, &unlocked), ioctl(master, 0x8004_5430, &number))
            try #require(result == (0, 0))
            let slave = Glibc.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(slave >= 0)
            return (master, FileHandle(fileDescriptor: slave, closeOnDealloc: true))
        }
    }
}

/// Expects one line on standard error, of the form that all errors have, and nothing on standard output.
func expectFailure(
    _ outcome: AuraldProcess.Outcome, _ status: Int32, naming words: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.output == "", sourceLocation: sourceLocation)
    #expect(outcome.errors.hasPrefix("aurald: error: "), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation) }
}
