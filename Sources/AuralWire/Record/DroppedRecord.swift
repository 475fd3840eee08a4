/// Tells a client that it did not get some frames; comes before the next one that it does get.
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

    /// Sequence number of the first frame that was dropped.
    package var from: UInt64
    /// Sequence number of the last one.
    package var to: UInt64
    /// How many were dropped; less than `to - from + 1` where frames were not looked at anyway.
    package var count: Int
    /// Why.
    package var reason: Reason

    private enum CodingKeys: String, CodingKey {
        case from, to, reason
        case count = "n"
    }

    /// A notice with all its fields.
    package init(from: UInt64, to: UInt64, count: Int, reason: Reason) {
        self.from = from
        self.to = to
        self.count = count
        self.reason = reason
    }

    package func write(to writer: inout FieldWriter) {
        writer.json.field("from", from)
        writer.json.field("to", to)
        writer.json.field("n", count)
        writer.json.field("reason", reason.rawValue)
    }
}
