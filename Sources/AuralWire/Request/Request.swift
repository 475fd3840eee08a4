import AuralCore

/// One request of a client, checked.
public struct Request: Sendable, Equatable {
    /// What a request asks for.
    public enum Verb: String, Sendable, Hashable, CaseIterable {
        /// Clicks on an object, with an optional box.
        case addPoints = "add_points"
        /// A box around an object.
        case addBox = "add_box"
        /// An object's mask.
        case addMask = "add_mask"
        /// Forget an object.
        case removeObject = "remove_object"
        /// Forget all objects.
        case reset
        /// Say in words which sound is meant.
        case setExpression = "set_expression"
        /// Report on the daemon.
        case status
        /// Change what this client gets.
        case subscribe
        /// The same, as a client's first line.
        case hello
    }

    /// What is asked, with everything that belongs to it.
    public enum Body: Sendable, Equatable {
        /// Clicks and a box on one object (`add_points`, `add_box`), at most 64 clicks. `sequence` names the frame; nil is the
        /// next one.
        case points(objectID: ObjectID, sequence: UInt64?, points: [PointPrompt], box: BoxPrompt?, replacing: Bool)
        /// The object's mask (`add_mask`). At most `RequestParser.maximumMaskPixels` pixels, which decoding it would allocate.
        case mask(objectID: ObjectID, sequence: UInt64?, mask: RunLengthMask)
        /// Forget one object (`remove_object`).
        case removeObject(ObjectID)
        /// Forget all objects and the memory (`reset`).
        case reset
        /// Say in words which sound is meant (`set_expression`), in at most `RequestParser.maximumExpressionBytes`; nil for no words.
        case setExpression(String?)
        /// Report on the daemon (`status`).
        case status
        /// Change what this client gets (`subscribe`, `hello`); nil leaves a setting as it is.
        case subscribe(policy: DeliveryPolicy?, topics: [Subscription.Topic]?)
    }

    /// The client's number for the request, which the answer repeats.
    public var id: Int?
    /// What is asked.
    public var verb: Verb
    /// The source that is meant; nil is the only one.
    public var source: String?
    /// What is asked, in detail.
    public var body: Body

    /// A request with all its fields.
    public init(id: Int?, verb: Verb, source: String? = nil, body: Body) {
        self.id = id
        self.verb = verb
        self.source = source
        self.body = body
    }
}
