import AuralCore
import Synchronization

/// Makes frames of what a driver's buffers hold: checks, counts, numbers and times them, and copies the payload.
struct FrameIntake {
    /// What became of a buffer.
    enum Taken {
        /// The first one after opening: its time stamp may be that of another stream (PipeWire drops it too).
        case first
        /// Marked by the driver, or with too few bytes.
        case damaged
        /// A frame.
        case frame(Frame)
    }

    private let counters: SourceCounters
    private let pool = BytePool(capacity: 4)
    private var sequence = FrameSequence()
    private var timestamps = FrameTimestamps()
    private var awaitsFirst = true

    /// Counts in `counters`.
    init(counters: SourceCounters) {
        self.counters = counters
    }

    /// The device was opened (again).
    mutating func begin() {
        awaitsFirst = true
    }

    /// Reads a buffer that came at `now`.
    mutating func take(_ buffer: FilledBuffer, _ format: StreamFormat, at now: MonoTime) -> Taken {
        let payload = buffer.isCorrupt ? nil : Self.payload(buffer.bytes, format)
        guard !awaitsFirst else {
            awaitsFirst = false
            sequence.begin()
            counters.first.add(1, ordering: .relaxed)
            return payload == nil ? .damaged : .first
        }
        let place = sequence.take(buffer.sequence)
        if place.lost > 0 { counters.lost.add(place.lost, ordering: .relaxed) }
        guard let payload else {
            counters.corrupt.add(1, ordering: .relaxed)
            return .damaged
        }
        let (time, source) = timestamps.time(stamp: buffer.timestamp, arrival: now)
        counters.frames.add(1, ordering: .relaxed)
        counters.latest.store(now.nanoseconds, ordering: .relaxed)
        let picture = CapturedPicture(
            format: format.format, width: format.width, height: format.height, bytesPerLine: format.layout.bytesPerLine,
            isFullRange: format.isFullRange, encoding: format.encoding, bytes: pool.copy(payload))
        return .frame(Frame(sequence: place.number, time: time, timestampSource: source, content: .captured(picture)))
    }

    /// The bytes that make the picture; nil where there are too few, which a USB camera that loses packets delivers without a mark.
    private static func payload(_ bytes: UnsafeRawBufferPointer, _ format: StreamFormat) -> UnsafeRawBufferPointer? {
        let least = format.layout.byteCount
        guard bytes.count >= least else { return nil }
        if format.format == .mjpeg { return bytes[0] == 0xFF && bytes[1] == 0xD8 ? bytes : nil }
        return UnsafeRawBufferPointer(rebasing: bytes[..<least])
    }
}
