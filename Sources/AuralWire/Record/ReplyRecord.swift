/// Says that a request was done. What could not be done is answered by an `ErrorRecord` with the same id.
public struct ReplyRecord: WireRecord {
    public static let type = "reply"

    /// The request's `id`, where it had one.
    public var id: Int?
    /// The request's verb.
    public var verb: String
    /// Always true: a failure is an `error` record.
    public var ok: Bool
    /// The frame on which a prompt took effect.
    public var sequence: UInt64?
    /// The object as the prompt made it on that frame.
    public var object: FrameObject?
    /// The answer to `status`.
    public var status: StatusReport?

    private enum CodingKeys: String, CodingKey {
        case id, verb, ok, object, status
        case sequence = "seq"
    }

    /// A reply with all its fields.
    public init(
        id: Int?, verb: Request.Verb, sequence: UInt64? = nil, object: FrameObject? = nil, status: StatusReport? = nil
    ) {
        self.id = id
        self.verb = verb.rawValue
        self.ok = true
        self.sequence = sequence
        self.object = object
        self.status = status
    }

    public func write(to writer: inout FieldWriter) {
        if let id { writer.json.field("id", id) }
        writer.json.field("verb", verb)
        writer.json.field("ok", ok)
        if let sequence { writer.json.field("seq", sequence) }
        if let object {
            writer.json.key("object")
            object.write(to: &writer.json)
        }
        if let status {
            writer.json.key("status")
            status.write(to: &writer.json)
        }
    }
}
