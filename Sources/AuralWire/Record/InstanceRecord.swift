import AuralCore

/// One of the things that make the sound: a connected part of the sounding object's mask, with a number that it keeps over time.
public struct InstanceRecord: WireRecord {
    public static let type = "instance"

    /// What happens to it.
    public enum Event: String, Codable, Sendable {
        /// It is new.
        case begin
        /// It is there on this frame too.
        case update
        /// It is over.
        case end
    }

    /// Why it is over. Not a closed set.
    public struct Reason: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        public init(rawValue: String) { self.rawValue = rawValue }
    }

    /// What happens to it.
    public var event: Event
    /// Its number, from 1; never used again while the daemon runs.
    public var number: UInt64
    /// The object of which it is a part.
    public var objectID: ObjectID
    /// The frame's number at its source.
    public var sequence: UInt64
    /// When the frame was taken, on CLOCK_MONOTONIC in nanoseconds.
    public var timeNanoseconds: Int64
    /// Where it is; nil at its end.
    public var shape: Shape?
    /// Why it is over; nil before.
    public var reason: Reason?

    private enum CodingKeys: String, CodingKey {
        case event, reason
        case number = "instance_id"
        case objectID = "object_id"
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
    }

    private init(event: Event, number: UInt64, objectID: ObjectID, sequence: UInt64, time: MonoTime, shape: Shape?, reason: Reason?) {
        self.event = event
        self.number = number
        self.objectID = objectID
        self.sequence = sequence
        self.timeNanoseconds = time.nanoseconds
        self.shape = shape
        self.reason = reason
    }

    /// An instance that is there, for the first time or again.
    public init(number: UInt64, isNew: Bool, objectID: ObjectID = .sounding, sequence: UInt64, time: MonoTime, shape: Shape) {
        self.init(
            event: isNew ? .begin : .update, number: number, objectID: objectID, sequence: sequence, time: time, shape: shape, reason: nil)
    }

    /// An instance that is over, and the frame that showed it.
    public init(number: UInt64, objectID: ObjectID = .sounding, sequence: UInt64, time: MonoTime, reason: Reason) {
        self.init(event: .end, number: number, objectID: objectID, sequence: sequence, time: time, shape: nil, reason: reason)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        event = try container.decode(Event.self, forKey: .event)
        number = try container.decode(UInt64.self, forKey: .number)
        objectID = ObjectID(try container.decode(Int.self, forKey: .objectID))
        sequence = try container.decode(UInt64.self, forKey: .sequence)
        timeNanoseconds = try container.decode(Int64.self, forKey: .timeNanoseconds)
        // Beside the other fields, not in an object of its own.
        shape = event == .end ? nil : try Shape(from: decoder)
        reason = event == .end ? try container.decode(Reason.self, forKey: .reason) : nil
    }

    public var kind: RecordKind { .instance(number: number, event: event, sequence: sequence) }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("event", event.rawValue)
        writer.json.field("instance_id", number)
        writer.json.field("object_id", objectID.rawValue)
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        shape?.write(to: &writer.json)
        if let reason { writer.json.field("reason", reason.rawValue) }
    }
}
