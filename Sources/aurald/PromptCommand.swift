import ArgumentParser
import AuralClient
import AuralCore
import AuralService
import AuralWire

/// `aurald prompt`: tells a running daemon what to track.
struct PromptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "Tell a running daemon what to track, correct it, or ask for its status.",
        discussion: """
            Coordinates go from 0 to 1, x before y.

            Examples:
              aurald prompt --object 1 --point 0.5,0.4 --negative 0.1,0.1
              aurald prompt --object 2 --box 0.3,0.2,0.7,0.8
              aurald prompt --remove 1
              aurald prompt --expression "the barking dog"
            """)

    @OptionGroup var socket: SocketOption

    @Option(help: "The object's number, from 1; 0 is the one that makes the sound.")
    var object: Int?

    @Option(help: ArgumentHelp("A place where the object is; may be given again.", valueName: "x,y"))
    var point: [String] = []

    @Option(help: ArgumentHelp("A place where the object is not; may be given again.", valueName: "x,y"))
    var negative: [String] = []

    @Option(help: ArgumentHelp("A box around the object.", valueName: "left,top,right,bottom"))
    var box: String?

    @Option(help: "The frame that is meant; without it the next one.")
    var seq: UInt64?

    @Flag(help: "Keep the points given before on the same frame.")
    var keepPoints = false

    @Option(help: ArgumentHelp("Forget an object.", valueName: "object"))
    var remove: Int?

    @Flag(help: "Forget all objects.")
    var reset = false

    @Option(help: ArgumentHelp("Say in words which sound is meant; empty for no words.", valueName: "words"))
    var expression: String?

    @Flag(help: "Ask for the daemon's status.")
    var status = false

    @Flag(help: "Print the reply as JSON.")
    var json = false

    func validate() throws {
        let actions = [status, reset, remove != nil, object != nil, expression != nil]
        guard actions.count(where: { $0 }) == 1 else { throw ValidationError("give one of --object, --remove, --reset, --expression and --status") }
    }

    func run() async throws {
        let request = try request()
        let client = try await Client.connect(path: socket.socket)
        // No frames: nobody here reads them.
        try await client.subscribe(to: [])
        let reply = try await client.send(request)
        await client.close()
        let isPlain = json || status
        let text = isPlain ? String(decoding: reply.encoded(), as: UTF8.self) : TerminalText.safe(RecordText(.reply(reply)).text)
        _ = try OutputFile("-").write(text: text)
    }

    private func request() throws -> Request {
        if status { return Request(id: nil, verb: .status, body: .status) }
        if reset { return Request(id: nil, verb: .reset, body: .reset) }
        if let remove { return Request(id: nil, verb: .removeObject, body: .removeObject(ObjectID(remove))) }
        if let expression {
            return Request(id: nil, verb: .setExpression, body: .setExpression(expression.isEmpty ? nil : expression))
        }
        guard let object else {
            throw ValidationError("give --object N with --point, --negative or --box; or --remove, --reset, --expression, --status")
        }
        let points = try point.map { try Self.place($0, isPositive: true) } + negative.map { try Self.place($0, isPositive: false) }
        let frame = try box.map { text in
            let edges = try Self.numbers(text, 4, "--box")
            return BoxPrompt(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3])
        }
        guard !points.isEmpty || frame != nil else { throw ValidationError("give at least one --point, --negative or --box") }
        return Request(
            id: nil, verb: points.isEmpty ? .addBox : .addPoints,
            body: .points(objectID: ObjectID(object), sequence: seq, points: points, box: frame, replacing: !keepPoints))
    }

    private static func place(_ text: String, isPositive: Bool) throws -> PointPrompt {
        let place = try numbers(text, 2, isPositive ? "--point" : "--negative")
        return PointPrompt(x: place[0], y: place[1], isPositive: isPositive)
    }

    private static func numbers(_ text: String, _ count: Int, _ option: String) throws -> [Float] {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Float($0) }
        guard numbers.count == count, numbers.allSatisfy({ $0 >= 0 && $0 <= 1 }) else {
            throw ValidationError("\(option) \(text): give \(count) numbers from 0 to 1, with commas between them")
        }
        return numbers
    }
}
