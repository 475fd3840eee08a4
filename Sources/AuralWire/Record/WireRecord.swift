/// The words of the protocol that records and requests share.
public enum WireProtocol {
    /// The protocol's major version; only fields are added within one.
    public static let version = 1
    /// The longest line, without its line feed, in bytes.
    public static let maximumLineLength = 1 << 20
}

/// A record: one line of JSON that the daemon sends. Decoding ignores unknown fields, as clients must.
public protocol WireRecord: Decodable, Sendable, Equatable {
    /// The value of `type`.
    static var type: String { get }

    /// Whether the client's policy may drop it.
    var kind: RecordKind { get }

    /// Adds the fields after `type` to an object that the writer has begun.
    func write(to writer: inout FieldWriter)
}

/// Collects the fields of a record in the order of the calls. Only this module's records fill it.
public struct FieldWriter: Sendable {
    var json: JSONWriter
}

/// How a client queue treats a record.
public enum RecordKind: Sendable, Hashable {
    /// A frame with its sequence number: may be dropped for a newer one.
    case frame(sequence: UInt64)
    /// An instance of the sounding object. An update may be dropped for a newer one; its begin and its end may only be left out together.
    case instance(number: UInt64, event: InstanceRecord.Event, sequence: UInt64)
    /// What there is of a frame beside its masks, for clients that want it: may be dropped as frames are.
    case part(Subscription.Topic, sequence: UInt64)
    /// The state of a source: sent only to clients that want it, and then never dropped.
    case source
    /// What another client had done: sent only to clients that want it, and then never dropped.
    case request
    /// A hello, reply, error or drop notice: never dropped.
    case control
}

extension WireRecord {
    public var kind: RecordKind { .control }

    /// The record as one line of JSON with its line feed.
    public func encoded() -> [UInt8] {
        var fields = FieldWriter(json: JSONWriter())
        Self.encode(self, to: &fields)
        return fields.json.bytes
    }

    static func encode(_ record: Self, to fields: inout FieldWriter) {
        fields.json.beginObject()
        fields.json.field("type", Self.type)
        record.write(to: &fields)
        fields.json.endObject()
        fields.json.endLine()
    }
}
