import AuralClient
import AuralCore
import AuralRecording
import AuralWire
import Foundation

/// Records what a daemon sends, as a client: whatever becomes of the recording, the daemon goes on.
package actor Recorder {
    /// Why it ended in order.
    package enum End: Sendable, Equatable {
        /// So long was asked for.
        case finished
        /// The caller ended it.
        case stopped
    }

    private let path: String
    private let writer: RecordingWriter
    private let seconds: Double?

    /// Records from the daemon at `path`, for so many seconds of frames; nil until it is stopped.
    package init(path: String, writer: sending RecordingWriter, seconds: Double?) {
        self.path = path
        self.writer = writer
        self.seconds = seconds
    }

    /// Frames that were written.
    package var frames: Int { writer.frames }

    /// Runs until it is finished or its task is cancelled; where the daemon goes, waits until there is one again. The recording is in order however it
    /// ends.
    ///
    /// - Parameter note: called with what a person should know: that the daemon has gone, or is back.
    /// - Throws: `SocketError` where there is no daemon to begin with; `RecordingError` where files cannot be written.
    package func run(note: @Sendable (String) -> Void) async throws -> End {
        var client: Client? = try await connect()
        var pause = ReconnectPause(longest: 5)
        var recorded = Span()
        while true {
            if let connected = client {
                var isFinished = false
                do {
                    isFinished = try await record(connected, &recorded)
                } catch is CancellationError {
                    // The caller has had enough.
                } catch let error as SocketError {
                    if !Task.isCancelled { note("\(error); waiting for it") }
                } catch {
                    // What is there is a recording too.
                    try? writer.end()
                    throw error
                }
                await connected.close()
                try writer.end()
                guard !isFinished else { return .finished }
                client = nil
            }
            guard !Task.isCancelled else { return .stopped }
            try? await Task.sleep(for: pause.next())
            client = try? await connect()
            guard client != nil else { continue }
            note("connected again")
            pause.reset()
        }
    }

    /// Frames' times over all connections.
    private struct Span {
        private var before: Double = 0
        private var first: Int64?
        private var last: Int64 = 0

        mutating func begin() {
            if let first { before += Double(last - first) / 1e9 }
            first = nil
        }

        mutating func take(_ time: Int64) {
            first = first ?? time
            last = max(last, time)
        }

        var seconds: Double { before + (first.map { Double(last - $0) / 1e9 } ?? 0) }
    }

    private func connect() async throws -> Client {
        let client = try await Client.connect(path: path)
        try await client.subscribe(to: [.frame, .instance, .source, .picture, .sound, .request], policy: .latest)
        let status = try? await client.status()
        writer.describe(model: status?.model, engine: status?.engine)
        return client
    }

    /// Takes records until the connection ends (which throws), or enough was recorded.
    private func record(_ client: Client, _ span: inout Span) async throws -> Bool {
        let clock = SystemTimeSource()
        var flushed = clock.now()
        span.begin()
        var pairs = RecordingOrder()
        for try await coming in client.records {
            for record in pairs.take(coming) {
                if case .frame(let frame) = record {
                    if let seconds, span.seconds >= seconds { return true }
                    span.take(frame.timeNanoseconds)
                }
                try writer.take(record)
            }
            if clock.now().nanoseconds(since: flushed) >= 1_000_000_000 {
                try writer.flush()
                flushed = clock.now()
            }
        }
        return false
    }
}
