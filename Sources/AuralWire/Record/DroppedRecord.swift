/// Tells a client that it did not get some frames or instance records; comes before the next one that it does get.
public struct DroppedRecord: WireRecord {
    public static let type = "dropped"

    /// Why frames were dropped. Not a closed set.
    public struct Reason: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The client reads too slowly for its queue.
        public static let slowReader = Reason(rawValue: "slow_reader")
    }

    /// Sequence number of the first frame of which something was dropped.
    public var from: UInt64
    /// Sequence number of the last one.
    public var to: UInt64
    /// How many frames were dropped; less than `to - from + 1` where frames were not looked at anyway.
    public var count: Int
    /// How many instance records were dropped; nil where none was.
    public var instances: Int?
    /// How many `picture`, `sound` and `spectrogram` records were dropped; nil where none was.
    public var parts: Int?
    /// Why.
    public var reason: Reason

    private enum CodingKeys: String, CodingKey {
        case from, to, instances, parts, reason
        case count = "n"
    }

    /// A notice with all its fields.
    public init(from: UInt64, to: UInt64, count: Int, instances: Int? = nil, parts: Int? = nil, reason: Reason) {
        self.from = from
        self.to = to
        self.count = count
        self.instances = instances
        self.parts = parts
        self.reason = reason
    }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("from", from)
        writer.json.field("to", to)
        writer.json.field("n", count)
        if let instances { writer.json.field("instances", instances) }
        if let parts { writer.json.field("parts", parts) }
        writer.json.field("reason", reason.rawValue)
    }
}
