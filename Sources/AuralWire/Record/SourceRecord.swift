/// The state of a camera, a microphone or a file that stands in for them; sent when it changes.
public struct SourceRecord: WireRecord {
    public static let type = "source"

    /// What a source delivers. Not a closed set.
    public struct Medium: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Pictures.
        public static let video = Medium(rawValue: "video")
        /// Sound.
        public static let audio = Medium(rawValue: "audio")
    }

    /// How a source is. Not a closed set.
    public struct State: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The device is not there.
        public static let absent = State(rawValue: "absent")
        /// It is being opened.
        public static let opening = State(rawValue: "opening")
        /// It delivers.
        public static let streaming = State(rawValue: "streaming")
        /// It is open but has not delivered for too long.
        public static let stalled = State(rawValue: "stalled")
        /// Another program has it.
        public static let busy = State(rawValue: "busy")
        /// The daemon may not open it.
        public static let denied = State(rawValue: "denied")
        /// Opening failed and is tried again later.
        public static let backoff = State(rawValue: "backoff")
        /// A file was played to its end.
        public static let ended = State(rawValue: "ended")
    }

    /// What a live source has counted since the daemon's start; in `status` only. Nil where it does not apply.
    public struct Counts: Codable, Sendable, Equatable {
        /// Video: frames passed on.
        public var frames: UInt64?
        /// Video: frames that the driver marked as corrupt, or that were no whole picture.
        public var corrupt: UInt64?
        /// Video: frames that are missing in the driver's own count.
        public var lost: UInt64?
        /// Audio: samples of each channel passed on.
        public var samples: UInt64?
        /// Audio: samples of each channel that are missing.
        public var missingSamples: UInt64?
        /// Audio: how often nobody fetched the samples in time.
        public var overruns: UInt64?

        private enum CodingKeys: String, CodingKey {
            case frames, corrupt, lost, samples, overruns
            case missingSamples = "missing_samples"
        }

        /// Counts of a video source.
        public init(frames: UInt64, corrupt: UInt64, lost: UInt64) {
            self.frames = frames
            self.corrupt = corrupt
            self.lost = lost
        }

        /// Counts of a sound source.
        public init(samples: UInt64, missingSamples: UInt64, overruns: UInt64) {
            self.samples = samples
            self.missingSamples = missingSamples
            self.overruns = overruns
        }

        var isEmpty: Bool { frames == nil && samples == nil }

        func write(to json: inout JSONWriter) {
            if let frames { json.field("frames", frames) }
            if let corrupt { json.field("corrupt", corrupt) }
            if let lost { json.field("lost", lost) }
            if let samples { json.field("samples", samples) }
            if let missingSamples { json.field("missing_samples", missingSamples) }
            if let overruns { json.field("overruns", overruns) }
        }
    }

    /// The source's name: `camera`, `microphone`, or the path of the clip.
    public var source: String
    /// What it delivers.
    public var medium: Medium
    /// How it is.
    public var state: State
    /// One line for a person, where there is more to say.
    public var detail: String?
    /// The device and what it was set to, for a person.
    public var mode: String?
    /// Sound, in `status`: how much faster than its nominal rate the device's clock runs, in parts per million.
    public var driftPPM: Double?
    /// What it has counted; in `status` only.
    public var counts: Counts?

    private enum CodingKeys: String, CodingKey {
        case source, state, detail, mode
        case medium = "kind"
        case driftPPM = "ppm"
    }

    /// A state with all its fields.
    public init(
        source: String, medium: Medium, state: State, detail: String? = nil, mode: String? = nil, driftPPM: Double? = nil
    ) {
        self.source = source
        self.medium = medium
        self.state = state
        self.detail = detail
        self.mode = mode
        self.driftPPM = driftPPM
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        source = try container.decode(String.self, forKey: .source)
        medium = try container.decode(Medium.self, forKey: .medium)
        state = try container.decode(State.self, forKey: .state)
        detail = try container.decodeIfPresent(String.self, forKey: .detail)
        mode = try container.decodeIfPresent(String.self, forKey: .mode)
        driftPPM = try container.decodeIfPresent(Double.self, forKey: .driftPPM)
        // Beside the other fields, not in an object of their own.
        let counts = try Counts(from: decoder)
        self.counts = counts.isEmpty ? nil : counts
    }

    public var kind: RecordKind { .source }

    public func write(to writer: inout FieldWriter) {
        writeFields(to: &writer.json)
    }

    func writeFields(to json: inout JSONWriter) {
        json.field("source", source)
        json.field("kind", medium.rawValue)
        json.field("state", state.rawValue)
        if let detail { json.field("detail", detail) }
        if let mode { json.field("mode", mode) }
        counts?.write(to: &json)
        if let driftPPM, driftPPM.isFinite { json.field("ppm", driftPPM, places: 1) }
    }
}
