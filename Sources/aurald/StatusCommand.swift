import ArgumentParser
import AuralClient
import AuralCore
import AuralService
import AuralWire

/// `aurald status`: how a running daemon is.
struct StatusCommand: AsyncParsableCommand {
    /// When the command fails although the daemon answers.
    enum FailOn: String, ExpressibleByArgument, CaseIterable {
        case never
        case degraded
    }

    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how a running daemon is: sources, model, frame rate, latency.",
        discussion: """
            Ends with 69 where no daemon answers. With --fail-on degraded also where a device is away or no frames come, for monitoring.

            Examples:
              aurald status --fail-on degraded
              aurald status --json | jq .status.fps
            """)

    @OptionGroup var socket: SocketOption

    @Option(help: "When to end with 69 although the daemon answers.")
    var failOn = FailOn.never

    @Flag(help: "Print the reply as JSON.")
    var json = false

    func run() async throws {
        let client = try await Client.connect(path: socket.socket)
        try await client.subscribe(to: [])
        let reply = try await client.send(Request(id: nil, verb: .status, body: .status))
        await client.close()
        guard let report = reply.status else { throw OutputError("the daemon's answer has no status", exitStatus: .software) }
        let verdict = StatusVerdict(report, now: SystemTimeSource().now())
        let text = json ? String(decoding: reply.encoded(), as: UTF8.self) : TerminalText.safe(StatusText(report, verdict).text)
        _ = try OutputFile("-").write(text: text)
        if failOn == .degraded, let problem = verdict.problems.first { throw OutputError("degraded: \(problem)", exitStatus: .unavailable) }
    }
}
