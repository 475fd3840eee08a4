/// What a client gets without asking for it each time, and what happens when it is slow.
public struct Subscription: Sendable, Hashable {
    /// Records that a client may want. Replies, errors and drop notices always come. Not a closed set.
    public struct Topic: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// `frame` records.
        public static let frame = Topic(rawValue: "frame")
        /// `instance` records.
        public static let instance = Topic(rawValue: "instance")
        /// `source` records.
        public static let source = Topic(rawValue: "source")
        /// `picture` records: the frames' pictures.
        public static let picture = Topic(rawValue: "picture")
        /// `sound` records: what the microphone heard.
        public static let sound = Topic(rawValue: "sound")
        /// `spectrogram` records: the sound as the networks see it.
        public static let spectrogram = Topic(rawValue: "spectrogram")
        /// `request` records: what clients had done to the objects, for those who want to do it again.
        public static let request = Topic(rawValue: "request")
        /// What a client gets that does not say what it wants.
        public static let standard: [Topic] = [.frame, .instance, .source]
        /// All topics of this version.
        public static let all: [Topic] = standard + [.picture, .sound, .spectrogram, .request]
    }

    /// What the daemon does when the client is slow.
    public var policy: DeliveryPolicy
    /// What the client wants, in the order of `Topic.all`.
    public var topics: [Topic]

    /// What a client has that said nothing: all but pictures and sound, with policy `latest`, so that `nc -U` shows the stream.
    public init(policy: DeliveryPolicy = .latest, topics: [Topic] = Topic.standard) {
        self.policy = policy
        self.topics = topics
    }

    /// Whether pictures or sound are wanted, which are large.
    public var hasParts: Bool { topics.contains(.picture) || topics.contains(.sound) || topics.contains(.spectrogram) }

    /// Whether a record of this kind is to be sent.
    public func includes(_ kind: RecordKind) -> Bool {
        switch kind {
        case .frame: topics.contains(.frame)
        case .instance: topics.contains(.instance)
        case .part(let topic, _): topics.contains(topic)
        case .source: topics.contains(.source)
        case .request: topics.contains(.request)
        case .control: true
        }
    }
}
