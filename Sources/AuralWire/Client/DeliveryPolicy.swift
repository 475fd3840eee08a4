/// What the daemon does with a client that reads too slowly.
public enum DeliveryPolicy: Sendable, Hashable, CustomStringConvertible {
    /// Drop the frames that wait, send the newest, and say so in a `dropped` record. The default.
    case latest
    /// Close the connection: a client that asks for this gets every frame or knows that it did not.
    case disconnect
    /// Send every Nth frame only, and treat these as `latest` does.
    case sample(every: Int)

    /// The largest N of `sample=N`.
    public static let maximumSample = 1_000_000

    /// Reads `latest`, `disconnect` or `sample=N` with N within 1…1000000; nil for anything else.
    public init?(_ text: String) {
        switch text {
        case "latest": self = .latest
        case "disconnect": self = .disconnect
        default:
            let prefix = "sample="
            guard text.hasPrefix(prefix), let every = Int(text.dropFirst(prefix.count)), (1...Self.maximumSample).contains(every),
                // Int reads "+5" and "007" too.
                text == prefix + String(every)
            else { return nil }
            self = .sample(every: every)
        }
    }

    /// As `init(_:)` reads it.
    public var description: String {
        switch self {
        case .latest: "latest"
        case .disconnect: "disconnect"
        case .sample(let every): "sample=\(every)"
        }
    }
}

extension DeliveryPolicy: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let policy = DeliveryPolicy(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be latest, disconnect or sample=N")
        }
        self = policy
    }
}
