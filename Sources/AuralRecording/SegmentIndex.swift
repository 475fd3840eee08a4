import AuralWire

/// `index.json`: what is in a segment. Written anew each second, as a whole: what it says is there, is there.
package struct SegmentIndex: Codable, Sendable, Equatable {
    /// The sound of a segment.
    package struct Sound: Codable, Sendable, Equatable {
        /// Samples a second.
        package var rate: Int
        /// Channels.
        package var channels: Int
        /// The number, at its source, of the file's first sample.
        package var first: Int64
        /// Samples of each channel in the file.
        package var samples: Int64
    }

    /// `aurald-recording`.
    package var format = RecordingLayout.format
    /// The layout's version.
    package var version = RecordingLayout.version
    /// The segment's number in the recording.
    package var number: Int
    /// The version of the daemon that was recorded.
    package var aurald: String
    /// The boot on whose monotonic clock all times are.
    package var bootID: String
    /// The daemon's source.
    package var source: String
    /// The daemon's model and engine, for people; nil where it did not say.
    package var model: String?
    package var engine: String?
    /// When it was begun and written last, in nanoseconds since 1970.
    package var begunWallNanoseconds: Int64
    package var writtenWallNanoseconds: Int64
    /// The frames, first and last; nil while there is none.
    package var firstSequence: UInt64?
    package var lastSequence: UInt64?
    package var firstTimeNanoseconds: Int64?
    package var lastTimeNanoseconds: Int64?
    /// Frame records and pictures.
    package var frames = 0
    package var pictures = 0
    /// The sound; nil while there is none.
    package var sound: Sound?
    /// How much of each file counts, in bytes; what is behind that was being written when the recorder ended.
    package var bytes: [String: Int64] = [:]
    /// The segment was ended in order.
    package var isComplete = false

    private enum CodingKeys: String, CodingKey {
        case format, version, number, aurald, source, model, engine, frames, pictures, sound, bytes
        case bootID = "boot_id"
        case begunWallNanoseconds = "begun_wall_ns"
        case writtenWallNanoseconds = "written_wall_ns"
        case firstSequence = "first_seq"
        case lastSequence = "last_seq"
        case firstTimeNanoseconds = "first_t_ns"
        case lastTimeNanoseconds = "last_t_ns"
        case isComplete = "complete"
    }

    /// An empty segment.
    init(number: Int, hello: HelloRecord, model: String?, engine: String?, wallNanoseconds: Int64) {
        self.number = number
        aurald = hello.version
        bootID = hello.bootID
        source = hello.source
        self.model = model
        self.engine = engine
        begunWallNanoseconds = wallNanoseconds
        writtenWallNanoseconds = wallNanoseconds
    }

    /// Everything that the segment takes on disk, as far as it counts.
    package var totalBytes: Int64 { bytes.values.reduce(0) { $0.addingReportingOverflow(max(0, $1)).partialValue } }

    /// Takes a frame in.
    mutating func count(_ frame: FrameRecord) {
        frames += 1
        firstSequence = firstSequence ?? frame.sequence
        firstTimeNanoseconds = firstTimeNanoseconds ?? frame.timeNanoseconds
        lastSequence = frame.sequence
        lastTimeNanoseconds = frame.timeNanoseconds
    }
}
