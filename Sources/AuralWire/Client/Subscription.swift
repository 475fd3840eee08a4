/// What a client gets without asking for it each time, and what happens when it is slow.
package struct Subscription: Sendable, Hashable {
    /// Records that a client may want. Replies, errors and drop notices always come. Not a closed set.
    package struct Topic: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        package let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// `frame` records.
        package static let frame = Topic(rawValue: "frame")
        /// `instance` records.
        package static let instance = Topic(rawValue: "instance")
        /// `source` records.
        package static let source = Topic(rawValue: "source")
        /// All topics of this version.
        package static let all: [Topic] = [.frame, .instance, .source]
    }

    /// What the daemon does when the client is slow.
    package var policy: DeliveryPolicy
    /// What the client wants, in the order of `Topic.all`.
    package var topics: [Topic]

    /// What a client has that said nothing: everything, with policy `latest`, so that `nc -U` shows the stream.
    package init(policy: DeliveryPolicy = .latest, topics: [Topic] = Topic.all) {
        self.policy = policy
        self.topics = topics
    }

    /// Whether a record of this kind is to be sent.
    package func includes(_ kind: RecordKind) -> Bool {
        switch kind {
        case .frame: topics.contains(.frame)
        case .instance: topics.contains(.instance)
        case .source: topics.contains(.source)
        case .control: true
        }
    }
}
