import AuralCore

/// The first line that a client gets: what speaks here, and how its clocks relate.
public struct HelloRecord: WireRecord {
    public static let type = "hello"

    /// The protocol's major version (`WireProtocol.version`).
    public var proto: Int
    /// The daemon's own version.
    public var version: String
    /// The kernel's boot id; `mono_ns` of two different boots cannot be compared.
    public var bootID: String
    /// CLOCK_MONOTONIC when the record was made, in nanoseconds.
    public var monotonicNanoseconds: Int64
    /// The wall clock at the same moment, in nanoseconds since 1970; a mapping, never used in arithmetic.
    public var wallNanoseconds: Int64
    /// What the daemon does when this client is slow.
    public var policy: DeliveryPolicy
    /// The kinds of records that this client gets.
    public var want: [Subscription.Topic]
    /// The source whose frames are sent.
    public var source: String
    /// The frame's size as [height, width] in pixels, once it is known.
    public var size: [Int]?

    private enum CodingKeys: String, CodingKey {
        case proto, version, policy, want, source, size
        case bootID = "boot_id"
        case monotonicNanoseconds = "mono_ns"
        case wallNanoseconds = "wall_ns"
    }

    /// A hello with all its fields.
    public init(
        proto: Int = WireProtocol.version, version: String, bootID: String, time: MonoTime, wallNanoseconds: Int64,
        subscription: Subscription, source: String, size: [Int]? = nil
    ) {
        self.proto = proto
        self.version = version
        self.bootID = bootID
        self.monotonicNanoseconds = time.nanoseconds
        self.wallNanoseconds = wallNanoseconds
        self.policy = subscription.policy
        self.want = subscription.topics
        self.source = source
        self.size = size
    }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("proto", proto)
        writer.json.field("version", version)
        writer.json.field("boot_id", bootID)
        writer.json.field("mono_ns", monotonicNanoseconds)
        writer.json.field("wall_ns", wallNanoseconds)
        writer.json.field("policy", policy.description)
        writer.json.key("want")
        writer.json.beginArray()
        for topic in want { writer.json.value(topic.rawValue) }
        writer.json.endArray()
        writer.json.field("source", source)
        if let size { writer.json.field("size", size) }
    }
}
