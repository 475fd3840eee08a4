import AuralCore

/// What was seen on one frame: every object that is followed, with its mask.
public struct FrameRecord: WireRecord {
    public static let type = "frame"

    /// What was heard around the frame.
    public struct Audio: Codable, Sendable, Equatable {
        /// The level, in decibels relative to full scale; digital silence is −120, which is also the floor.
        public var rmsDBFS: Double
        /// Something is heard: the silence gate is open.
        public var isSounding: Bool
        /// How far before the frame's time the sound ends, in milliseconds, where it had not been heard yet; nil where it reaches the frame.
        public var lateMilliseconds: Double?
        /// How much of the second is missing, in milliseconds; nil where nothing is.
        public var missingMilliseconds: Double?

        private enum CodingKeys: String, CodingKey {
            case rmsDBFS = "rms_dbfs"
            case isSounding = "sounding"
            case lateMilliseconds = "late_ms"
            case missingMilliseconds = "missing_ms"
        }

        /// The level in dBFS; clamped to −120… and to −120 where it is not a number.
        public init(rmsDBFS: Double, isSounding: Bool, lateMilliseconds: Double? = nil, missingMilliseconds: Double? = nil) {
            self.rmsDBFS = rmsDBFS.isNaN ? -120 : min(max(rmsDBFS, -120), 120)
            self.isSounding = isSounding
            self.lateMilliseconds = lateMilliseconds
            self.missingMilliseconds = missingMilliseconds
        }
    }

    /// The frame's number at its source; a gap means that frames were not looked at.
    public var sequence: UInt64
    /// When the frame was taken, on CLOCK_MONOTONIC in nanoseconds.
    public var timeNanoseconds: Int64
    /// What the time stamp is; nil where it is the device's.
    public var timestampSource: TimestampSource?
    /// From the frame's time to the moment its masks were ready, in milliseconds.
    public var latencyMilliseconds: Double
    /// The frame's size as [height, width] in pixels.
    public var size: [Int]
    /// All objects, in the order of their numbers.
    public var objects: [FrameObject]
    /// What was heard; nil without a microphone.
    public var audio: Audio?

    private enum CodingKeys: String, CodingKey {
        case size, objects, audio
        case sequence = "seq"
        case timeNanoseconds = "t_ns"
        case timestampSource = "ts_src"
        case latencyMilliseconds = "latency_ms"
    }

    /// A frame with all its fields. A latency that is not finite becomes 0.
    public init(
        sequence: UInt64, time: MonoTime, timestampSource: TimestampSource? = nil, latencyMilliseconds: Double, size: [Int],
        objects: [FrameObject], audio: Audio? = nil
    ) {
        self.sequence = sequence
        self.timeNanoseconds = time.nanoseconds
        self.timestampSource = timestampSource
        self.latencyMilliseconds = latencyMilliseconds.isFinite ? latencyMilliseconds : 0
        self.size = size
        self.objects = objects
        self.audio = audio
    }

    public var kind: RecordKind { .frame(sequence: sequence) }

    public func write(to writer: inout FieldWriter) {
        writer.json.field("seq", sequence)
        writer.json.field("t_ns", timeNanoseconds)
        if let timestampSource { writer.json.field("ts_src", timestampSource.rawValue) }
        writer.json.field("latency_ms", latencyMilliseconds, places: 3)
        writer.json.field("size", size)
        writer.json.key("objects")
        writer.json.beginArray()
        for object in objects { object.write(to: &writer.json) }
        writer.json.endArray()
        if let audio {
            writer.json.key("audio")
            writer.json.beginObject()
            writer.json.field("rms_dbfs", audio.rmsDBFS, places: 2)
            writer.json.field("sounding", audio.isSounding)
            if let late = audio.lateMilliseconds { writer.json.field("late_ms", late, places: 1) }
            if let missing = audio.missingMilliseconds { writer.json.field("missing_ms", missing, places: 1) }
            writer.json.endObject()
        }
    }
}
