import AuralCore

/// How the daemon is: the body of the reply to `status`.
public struct StatusReport: Decodable, Sendable, Equatable {
    /// The daemon's version.
    public var version: String
    /// Since the start, in seconds.
    public var uptimeSeconds: Double
    /// The sources and their states.
    public var sources: [SourceRecord]
    /// The model's name, for a person.
    public var model: String
    /// The engine that runs it, for a person.
    public var engine: String
    /// Whether the model has a fuser, so that sound chooses a mask; nil where an older daemon does not say.
    public var hears: Bool?
    /// Whether the model takes words (`set_expression`); nil where an older daemon does not say.
    public var takesWords: Bool?
    /// Sequence number of the frame that was published last.
    public var sequence: UInt64?
    /// Its time on CLOCK_MONOTONIC, in nanoseconds.
    public var timeNanoseconds: Int64?
    /// Frames published since the start.
    public var frames: UInt64
    /// Frames that the source made but that were not looked at.
    public var framesDropped: UInt64
    /// Frames published per second, lately.
    public var framesPerSecond: Double
    /// Median of the time from the frame to its record, in milliseconds.
    public var latencyMedianMilliseconds: Double?
    /// Its 99th percentile, in milliseconds.
    public var latency99Milliseconds: Double?
    /// The objects that are followed.
    public var objects: [Int]
    /// Clients that are connected.
    public var clients: Int

    private enum CodingKeys: String, CodingKey {
        case version, sources, model, engine, hears, frames, objects, clients
        case uptimeSeconds = "uptime_s"
        case takesWords = "takes_words"
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
        case framesDropped = "frames_dropped"
        case framesPerSecond = "fps"
        case latencyMedianMilliseconds = "latency_p50_ms"
        case latency99Milliseconds = "latency_p99_ms"
    }

    /// A report with all its fields.
    public init(
        version: String, uptimeSeconds: Double, sources: [SourceRecord] = [], model: String, engine: String,
        hears: Bool? = nil, takesWords: Bool? = nil, sequence: UInt64? = nil,
        time: MonoTime? = nil, frames: UInt64 = 0, framesDropped: UInt64 = 0, framesPerSecond: Double = 0,
        latencyMedianMilliseconds: Double? = nil, latency99Milliseconds: Double? = nil, objects: [ObjectID] = [], clients: Int = 0
    ) {
        self.version = version
        self.uptimeSeconds = uptimeSeconds.isFinite ? uptimeSeconds : 0
        self.sources = sources
        self.model = model
        self.engine = engine
        self.hears = hears
        self.takesWords = takesWords
        self.sequence = sequence
        self.timeNanoseconds = time?.nanoseconds
        self.frames = frames
        self.framesDropped = framesDropped
        self.framesPerSecond = framesPerSecond.isFinite ? framesPerSecond : 0
        self.latencyMedianMilliseconds = latencyMedianMilliseconds
        self.latency99Milliseconds = latency99Milliseconds
        self.objects = objects.map(\.rawValue)
        self.clients = clients
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        json.field("version", version)
        json.field("uptime_s", uptimeSeconds, places: 3)
        json.key("sources")
        json.beginArray()
        for source in sources {
            json.beginObject()
            source.writeFields(to: &json)
            json.endObject()
        }
        json.endArray()
        json.field("model", model)
        json.field("engine", engine)
        if let hears { json.field("hears", hears) }
        if let takesWords { json.field("takes_words", takesWords) }
        if let sequence { json.field("seq", sequence) }
        if let timeNanoseconds { json.field("t_ns", timeNanoseconds) }
        json.field("frames", frames)
        json.field("frames_dropped", framesDropped)
        json.field("fps", framesPerSecond, places: 2)
        if let latencyMedianMilliseconds { json.field("latency_p50_ms", latencyMedianMilliseconds, places: 2) }
        if let latency99Milliseconds { json.field("latency_p99_ms", latency99Milliseconds, places: 2) }
        json.field("objects", objects)
        json.field("clients", clients)
        json.endObject()
    }
}
