/// The state of a camera, a microphone or a file that stands in for them; sent when it changes.
package struct SourceRecord: WireRecord {
    package static let type = "source"

    /// What a source delivers. Not a closed set.
    package struct Medium: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        package let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// Pictures.
        package static let video = Medium(rawValue: "video")
        /// Sound.
        package static let audio = Medium(rawValue: "audio")
    }

    /// How a source is. Not a closed set.
    package struct State: RawRepresentable, Codable, Sendable, Hashable {
        /// The word on the wire.
        package let rawValue: String

        /// Wraps a word; any is accepted, since the set is open.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The device is not there.
        package static let absent = State(rawValue: "absent")
        /// It is being opened.
        package static let opening = State(rawValue: "opening")
        /// It delivers.
        package static let streaming = State(rawValue: "streaming")
        /// It is open but has not delivered for too long.
        package static let stalled = State(rawValue: "stalled")
        /// Another program has it.
        package static let busy = State(rawValue: "busy")
        /// The daemon may not open it.
        package static let denied = State(rawValue: "denied")
        /// Opening failed and is tried again later.
        package static let backoff = State(rawValue: "backoff")
        /// A file was played to its end.
        package static let ended = State(rawValue: "ended")
    }

    /// The source's name in the configuration.
    package var source: String
    /// What it delivers.
    package var medium: Medium
    /// How it is.
    package var state: State
    /// One line for a person, where there is more to say.
    package var detail: String?
    /// The device's own name, once it has been found.
    package var device: String?
    /// What the device was set to, for a person: size, format and rate.
    package var mode: String?
    /// Sound, in `status`: how much faster than its nominal rate the device's clock runs, in parts per million.
    package var driftPPM: Double?

    private enum CodingKeys: String, CodingKey {
        case source, state, detail, device, mode
        case medium = "kind"
        case driftPPM = "ppm"
    }

    /// A state with all its fields.
    package init(
        source: String, medium: Medium, state: State, detail: String? = nil, device: String? = nil, mode: String? = nil, driftPPM: Double? = nil
    ) {
        self.source = source
        self.medium = medium
        self.state = state
        self.detail = detail
        self.device = device
        self.mode = mode
        self.driftPPM = driftPPM
    }

    package var kind: RecordKind { .source }

    package func write(to writer: inout FieldWriter) {
        writeFields(to: &writer.json)
    }

    func writeFields(to json: inout JSONWriter) {
        json.field("source", source)
        json.field("kind", medium.rawValue)
        json.field("state", state.rawValue)
        if let detail { json.field("detail", detail) }
        if let device { json.field("device", device) }
        if let mode { json.field("mode", mode) }
        if let driftPPM, driftPPM.isFinite { json.field("ppm", driftPPM, places: 1) }
    }
}
