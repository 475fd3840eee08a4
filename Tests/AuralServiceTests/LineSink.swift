import AuralService
import Logging
import Synchronization

/// A log that a test reads.
final class LineSink: LogSink {
    private let written = Mutex<[String]>([])
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    /// Every line, each with its line feed.
    var lines: [String] { written.withLock { $0 } }

    func write(_ line: [UInt8]) {
        let text = String(decoding: line, as: UTF8.self)
        written.withLock { $0.append(text) }
        continuation.yield(text)
    }

    /// Waits for the next line that nobody has waited for.
    func next() async -> String? {
        for await line in stream { return line }
        return nil
    }

    /// A logger that writes here, as the journal gets it.
    func logger(_ settings: LogSettings = LogSettings(), clock: ManualClock = ManualClock(), label: String = "aurald") -> Logger {
        let output = LogOutput(settings: settings, format: .journal, sink: self, clock: clock)
        return Logger(label: label) { JournalLogHandler(label: $0, output: output) }
    }
}
