/// Tells a client that it did not get some frames or instance records; comes before the next one that it does get.
package struct DroppedRecord: WireRecord {
    package static let type = "dropped"

    /// Why frames were dropped. Not a closed set.
    package struct Reason: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        package let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The client reads too slowly for its queue.
        package static let slowReader = Reason(rawValue: "slow_reader")
    }

    /// Sequence number of the first frame of which something was dropped.
    package var from: UInt64
    /// Sequence number of the last one.
    package var to: UInt64
    /// How many frames were dropped; less than `to - from + 1` where frames were not looked at anyway.
    package var count: Int
    /// How many instance records were dropped; nil where none was.
    package var instances: Int?
    /// How many `picture`, `sound` and `spectrogram` records were dropped; nil where none was.
    package var parts: Int?
    /// Why.
    package var reason: Reason

    private enum CodingKeys: String, CodingKey {
        case from, to, instances, parts, reason
        case count = "n"
    }

    /// A notice with all its fields.
    package init(from: UInt64, to: UInt64, count: Int, instances: Int? = nil, parts: Int? = nil, reason: Reason) {
        self.from = from
        self.to = to
        self.count = count
        self.instances = instances
        self.parts = parts
        self.reason = reason
    }

    package func write(to writer: inout FieldWriter) {
        writer.json.field("from", from)
        writer.json.field("to", to)
        writer.json.field("n", count)
        if let instances { writer.json.field("instances", instances) }
        if let parts { writer.json.field("parts", parts) }
        writer.json.field("reason", reason.rawValue)
    }
}
