import ArgumentParser
import AuralClient
import AuralService
import AuralWire
import Foundation

/// `aurald watch`: what the daemon sends, for people on a terminal and as NDJSON elsewhere.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Show what a running daemon sends.",
        discussion: """
            Examples:
              aurald watch --socket /tmp/aurald.sock
              aurald watch --json --count 100 | jq .objects
            """)

    @OptionGroup var socket: SocketOption

    @Flag(help: "Print records as they are, one a line; the default where the output is no terminal.")
    var json = false

    @Option(help: "End after this many frame records; 0 goes on until the daemon ends.")
    var count = 0

    @Option(help: "How frames are delivered: latest (the default), disconnect, or sample=N for every Nth.")
    var policy: String?

    @Option(help: "What to get, with commas between: frame, instance, source (these three by default), picture, sound, spectrogram, request.")
    var want: String?

    func validate() throws {
        if let unknown = topics?.first(where: { !Subscription.Topic.all.contains($0) }) {
            let known = Subscription.Topic.all.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--want: there is no \(unknown.rawValue); give some of \(known)")
        }
        guard count >= 0 else { throw ValidationError("--count: give 0 or more") }
    }

    func run() async throws {
        let client = try await Client.connect(path: socket.socket)
        let parsed = try policy.map { text in
            guard let policy = DeliveryPolicy(text) else { throw ValidationError("--policy \(text): give latest, disconnect or sample=N") }
            return policy
        }
        if parsed != nil || topics != nil {
            try await client.subscribe(to: topics, policy: parsed)
        }
        let isPlain = json || isatty(STDOUT_FILENO) == 0
        var frames = 0
        let output = try OutputFile("-")
        for try await record in client.records {
            // A reader that has seen enough (`| head`) is no fault.
            guard try output.write(text: isPlain ? String(decoding: record.encoded(), as: UTF8.self) : TerminalText.safe(RecordText(record).text))
            else { break }
            if case .frame = record { frames += 1 }
            if count > 0, frames >= count { break }
        }
        await client.close()
    }

    private var topics: [Subscription.Topic]? {
        want.map { $0.split(separator: ",").map { Subscription.Topic(rawValue: String($0)) } }
    }
}
